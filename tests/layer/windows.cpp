// Convolutions and pools with windows of every kind against PyTorch's outputs: tests/golden/make_windows.py. All cases
// are graphs and plans made at run time, for Reference and for kernels that take every size at run time. Some are types
// as well.
#include <cmath>
#include <sstream>
#include <taxon/io/weight_file.hpp>
#include <taxon/layer/conv1d.hpp>
#include <taxon/layer/conv_transpose1d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/backend/reference/interpreter.hpp>

#include "backend/against_reference.hpp"
#include "backend/error_bound.hpp"
#include "layer/single_layer.hpp"
#include "source_folder.hpp"

using namespace taxon;

namespace {

template <Layer L, int Channels, int Height, int Width>
struct Alone {
    static constexpr Shape input{Channels, Height, Width};
    static constexpr void trace(Tracer& tracer) { L::trace(tracer); }
};

/// A layer as data: see `draw` in make_windows.py.
struct Case {
    std::string kind{};
    int in, height, width, out;
    Extent kernel = 1, stride = 1, dilation = 1, more = 0;
    Padding around = 0;
    int groups;
    bool bias, ceil_mode, counts_padding;

    explicit Case(const std::string& name) {
        std::istringstream words{name};
        int last = 0;
        words >> kind >> in >> height >> width >> out;
        for (Extent* extent : {&kernel, &stride}) words >> extent->height >> extent->width;
        words >> around.top >> around.left >> around.bottom >> around.right;
        words >> dilation.height >> dilation.width >> groups >> last >> more.height >> more.width;
        bias = ceil_mode = last == 1, counts_padding = more.height == 1;
        REQUIRE(words);
    }
    Shape shape() const { return {in, height, width}; }
    bool is(std::string_view start) const { return kind.starts_with(start); }
    bool pools() const { return kind == "max" || kind == "mean" || is("adaptive"); }
};

void trace(const Case& c, Tracer& tracer) {
    const Window window = c.around.window(c.kernel, c.stride, c.dilation, c.shape());
    if (c.is("adaptive"))
        return detail::trace_adaptive_pool(tracer, c.kind, c.kernel,
                                           c.kind == "adaptive_max" ? Pooling::max : Pooling::mean);
    if (c.pools())
        return detail::PoolWindow{window, c.ceil_mode}.trace(tracer, c.kind, c.kernel,
                                                             c.kind == "max"    ? Pooling::max
                                                             : c.counts_padding ? Pooling::padded_mean
                                                                                : Pooling::mean);
    Node node{.op = Op::convolution, .window = window, .groups = c.groups, .transposed = c.is("transposed")};
    const int first = node.transposed ? c.in : c.out, second = (node.transposed ? c.out : c.in) / c.groups;
    if (c.kind.ends_with("one_dimension"))
        node.parameter = tracer.parameter("weight", Role::trained, first, second, c.kernel.width);
    else node.parameter = tracer.parameter("weight", Role::trained, first, second, c.kernel.height, c.kernel.width);
    if (c.bias) node.bias = tracer.parameter("bias", Role::trained, c.out);
    if (node.transposed) return detail::trace_conv_transpose(tracer, c.kind, node, c.in, c.out, c.more);
    tracer.node(node, {c.out, window.y.outputs(c.height), window.x.outputs(c.width)});
}

/// The numbers of Reference and PyTorch are doubles, rounded once; those of kernels may be as wrong as ErrorBound says.
class AgainstPyTorch {
  public:
    AgainstPyTorch(const std::string& name, GraphView graph)
        : golden_(io::WeightFile::open(source_folder() / "tests/golden/windows.safetensors")), weights_(name),
          graph_(graph) {
        const Shape out = graph.output_shape(), in = graph.node(0).out;
        const std::array<std::int64_t, 3> shape{out.channels, out.height, out.width};
        wanted_.resize(static_cast<std::size_t>(out.size()));
        golden_.read(name, shape, wanted_);
        sample_ = io::synthetic_input(name, "input", static_cast<std::size_t>(in.size()));
        for (const float x : wanted_) rounding_ = std::max(rounding_, 0x1p-23 * std::abs(static_cast<double>(x)));
    }

    void check_reference() const {
        std::vector<float> exact(wanted_.size());
        reference::Interpreter(graph_, weights_).run(sample_, exact, 0);
        CHECK(apart(exact, wanted_) <= rounding_);
    }

    void check_kernels(const Candidate& c, const cpu::KernelTable& kernels) const {
        INFO(cpu::name_of(kernels.isa));
        const auto packed = cpu::pack(graph_, c.plan, Parameters(graph_, weights_));
        const auto found = run_in_parts(c, packed, kernels, sample_, 0, 1);
        CHECK(apart(found, wanted_) <= ErrorBound(graph_, weights_, sample_, 0).error() + rounding_);
        CHECK(same_bytes(found, run_in_parts(c, packed, kernels, sample_, 0, 3)));
    }

  private:
    io::WeightFile golden_;
    io::SyntheticWeights weights_;
    GraphView graph_;
    std::vector<float> wanted_{}, sample_{};
    double rounding_ = 0x1p-40;
};

void check(const std::string& name) {
    const Case c(name);
    const SingleLayer layer(c.shape(), [&](Tracer& tracer) { trace(c, tracer); });
    const GraphView graph = layer.graph();
    const Candidate candidate = Candidate::at_run_time(name, graph, layer.plan());
    REQUIRE(candidate.plan.steps.size() == 1);
    const AgainstPyTorch against(name, graph);
    against.check_reference();
    for (const auto isa : instruction_sets()) against.check_kernels(candidate, candidate.kernel_table(isa));
}

/// The same layer as a type.
template <Layer L, int Channels, int Height, int Width>
void check(const std::string& name) {
    INFO(name);
    const Candidate candidate = Candidate::of<Alone<L, Channels, Height, Width>>();
    const AgainstPyTorch against(name, candidate.graph);
    against.check_reference();
    for (const auto isa : instruction_sets()) against.check_kernels(candidate, candidate.kernel_table(isa));
}

}  // namespace

TEST_CASE("convolutions and pools with windows of every kind give what PyTorch gave") {
    const auto golden = io::WeightFile::open(source_folder() / "tests/golden/windows.safetensors");
    CHECK(golden.tensors().size() == 126);
    for (const io::StoredTensor& tensor : golden.tensors()) {
        INFO(tensor.name);
        check(std::string(tensor.name));
    }
}

TEST_CASE("convolutions with windows of every kind, as types, give what PyTorch gave") {
    check<Conv2d<1, 1, Extent{1, 1}, Extent{3, 1}, 1, true, Padding{1, 0, 2, 3}, Extent{3, 2}>, 1, 3, 4>(
        "convolution 1 3 4 1 1 1 3 1 1 0 2 3 3 2 1 1 0 0");
    check<Conv2d<8, 6, Extent{2, 3}, Extent{2, 1}, 2, true, Padding{3, 1, 3, 3}, Extent{2, 3}>, 8, 6, 4>(
        "convolution 8 6 4 6 2 3 2 1 3 1 3 3 2 3 2 1 0 0");
    check<Conv2d<4, 3, Extent{4, 4}, Extent{1, 2}, 1, true, Padding{1, 1, 0, 2}, Extent{1, 1}>, 4, 8, 6>(
        "convolution 4 8 6 3 4 4 1 2 1 1 0 2 1 1 1 1 0 0");
    check<Conv2d<6, 4, Extent{4, 3}, Extent{2, 1}, 2, true, Padding{1, 0, 3, 3}, Extent{2, 2}>, 6, 6, 7>(
        "convolution 6 6 7 4 4 3 2 1 1 0 3 3 2 2 2 1 0 0");
    check<Conv2d<16, 4, Extent{2, 3}, Extent{2, 1}, 4, false, Padding{1, 0, 0, 2}, Extent{1, 2}>, 16, 5, 6>(
        "convolution 16 5 6 4 2 3 2 1 1 0 0 2 1 2 4 0 0 0");
    check<Conv2d<4, 2, Extent{2, 5}, Extent{1, 2}, 1, false, Padding{3, 1, 2, 1}, Extent{2, 1}>, 4, 4, 6>(
        "convolution 4 4 6 2 2 5 1 2 3 1 2 1 2 1 1 0 0 0");
    check<Conv2d<12, 12, Extent{4, 1}, Extent{2, 2}, 3, true, Padding{1, 0, 3, 2}, Extent{2, 3}>, 12, 8, 3>(
        "convolution 12 8 3 12 4 1 2 2 1 0 3 2 2 3 3 1 0 0");
    check<Conv2d<1, 1, Extent{1, 3}, Extent{2, 2}, 1, false, Padding{3, 3, 3, 3}, Extent{3, 2}>, 1, 8, 8>(
        "convolution 1 8 8 1 1 3 2 2 3 3 3 3 3 2 1 0 0 0");
    check<Conv1d<2, 8, 4, 1, 2, true, Padding{0, 0, 0, 3}, 2>, 2, 1, 12>(
        "one_dimension 2 1 12 8 1 4 1 1 0 0 0 3 1 2 2 1 0 0");
    check<Conv1d<2, 3, 5, 1, 1, false, Padding{0, 3, 0, 2}, 2>, 2, 1, 9>(
        "one_dimension 2 1 9 3 1 5 1 1 0 3 0 2 1 2 1 0 0 0");
    check<ConvTranspose2d<8, 2, Extent{4, 5}, Extent{2, 2}, 2, false, Padding{0, 1, 0, 1}, Extent{1, 0}, Extent{1, 1}>,
          8, 9, 5>("transposed 8 9 5 2 4 5 2 2 0 1 0 1 1 1 2 0 1 0");
    check<ConvTranspose2d<4, 4, Extent{5, 3}, Extent{3, 1}, 1, true, Padding{1, 0, 1, 0}, Extent{0, 0}, Extent{2, 2}>,
          4, 3, 8>("transposed 4 3 8 4 5 3 3 1 1 0 1 0 2 2 1 1 0 0");
    check<ConvTranspose2d<3, 4, Extent{5, 1}, Extent{3, 1}, 1, true, Padding{2, 2, 2, 2}, Extent{0, 0}, Extent{3, 2}>,
          3, 4, 8>("transposed 3 4 8 4 5 1 3 1 2 2 2 2 3 2 1 1 0 0");
    check<ConvTranspose2d<2, 2, Extent{5, 2}, Extent{2, 1}, 1, false, Padding{0, 1, 0, 1}, Extent{1, 1}, Extent{3, 3}>,
          2, 3, 6>("transposed 2 3 6 2 5 2 2 1 0 1 0 1 3 3 1 0 1 1");
    check<ConvTranspose2d<9, 3, Extent{5, 4}, Extent{2, 1}, 3, true, Padding{1, 1, 1, 1}, Extent{1, 0}, Extent{2, 1}>,
          9, 3, 7>("transposed 9 3 7 3 5 4 2 1 1 1 1 1 2 1 3 1 1 0");
    check<ConvTranspose2d<6, 6, Extent{2, 1}, Extent{3, 2}, 3, false, Padding{2, 0, 2, 0}, Extent{1, 1}, Extent{3, 1}>,
          6, 5, 8>("transposed 6 5 8 6 2 1 3 2 2 0 2 0 3 1 3 0 1 1");
    check<ConvTranspose1d<2, 4, 5, 2, 2, false, Padding{0, 0, 0, 0}, 0, 1>, 2, 1, 6>(
        "transposed_one_dimension 2 1 6 4 1 5 1 2 0 0 0 0 1 1 2 0 0 0");
    check<ConvTranspose1d<2, 3, 1, 1, 1, true, Padding{0, 1, 0, 1}, 0, 2>, 2, 1, 19>(
        "transposed_one_dimension 2 1 19 3 1 1 1 1 0 1 0 1 1 2 1 1 0 0");
}
