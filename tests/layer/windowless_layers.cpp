// Layers without a window against PyTorch's outputs: tests/golden/make_windowless_layers.py. A case is a graph and a
// plan made at run time, by kernels that take every size at run time.
#include <cmath>
#include <sstream>
#include <taxon/io/weight_file.hpp>
#include <taxon/layer/interpolate.hpp>
#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/graph/names.hpp>

#include "backend/against_reference.hpp"
#include "backend/error_bound.hpp"
#include "layer/single_layer.hpp"
#include "source_folder.hpp"

using namespace taxon;

namespace {

/// A layer as data: LAYER CHANNELS HEIGHT WIDTH ARGUMENT…
struct Case {
    std::string layer{};
    Shape shape{};
    std::vector<std::string> arguments{};

    explicit Case(std::string_view name) {
        std::istringstream words{std::string(name)};
        words >> layer >> shape.channels >> shape.height >> shape.width;
        for (std::string word; words >> word;) arguments.push_back(word);
    }
    double number(std::size_t i) const { return std::stod(arguments.at(i)); }
    int integer(std::size_t i) const { return std::stoi(arguments.at(i)); }

    std::optional<Activation> activation() const {
        for (std::size_t i = 1; i < Activation::count; ++i)
            if (const auto kind = static_cast<Activation::Kind>(i); name_of(kind) == layer)
                return Activation(kind, arguments.empty() ? 0 : number(0), arguments.size() < 2 ? 0 : number(1));
        return std::nullopt;
    }
};

void trace(const Case& c, Tracer& tracer) {
    const Shape in = c.shape;
    Node node{};
    if (const auto function = c.activation()) {
        node.op = Op::activation, node.activation = *function;
        return tracer.node(node, in);
    }
    if (c.layer == "prelu") {
        node.op = Op::prelu;
        node.parameter = tracer.parameter("weight", Role::trained, c.arguments.at(0) == "each" ? in.channels : 1);
        return tracer.node(node, in);
    }
    if (c.layer == "group_norm" || c.layer == "layer_norm") {
        const bool groups = c.layer == "group_norm";
        node.op = groups ? Op::group_norm : Op::layer_norm;
        node.groups = groups ? c.integer(0) : 1;
        node.inverse_epsilon = c.integer(groups ? 2 : 0);
        if (!groups || c.arguments.at(1) == "affine") {
            node.parameter = tracer.parameter("weight", Role::trained, in.channels);
            node.bias = tracer.parameter("bias", Role::trained, in.channels);
        }
        return tracer.node(node, in);
    }
    if (c.layer == "resize" || c.layer == "resize_by") {
        const bool by = c.layer == "resize_by";
        Resizing how{};
        while (name_of(how.interpolation) != c.arguments.at(0))
            how.interpolation = static_cast<Interpolation>(static_cast<int>(how.interpolation) + 1);
        how.aligns_corners = c.arguments.at(1) == "corners";
        const double y = by ? c.number(2) : 0, x = by ? c.number(3) : 0;
        return detail::trace_resizing(tracer, how, by ? static_cast<int>(in.height * y) : c.integer(2),
                                      by ? static_cast<int>(in.width * x) : c.integer(3), y, x);
    }
    if (c.layer == "softmax") {
        node.op = Op::softmax;
        return tracer.node(node, in);
    }
    const int factor = c.integer(0);
    node.op = Op::shuffle;
    if (c.layer == "channel_shuffle") {
        node.shuffle = Shuffle::channels, node.groups = factor;
        return tracer.node(node, in);
    }
    REQUIRE((c.layer == "pixel_shuffle" || c.layer == "pixel_unshuffle"));
    const bool to_pixels = c.layer == "pixel_shuffle";
    node.shuffle = to_pixels ? Shuffle::to_pixels : Shuffle::to_channels, node.stride = factor;
    tracer.node(node, to_pixels ? Shape{in.channels / (factor * factor), in.height * factor, in.width * factor}
                                : Shape{in.channels * factor * factor, in.height / factor, in.width / factor});
}

double largest(std::span<const float> numbers) {
    double most = 0;
    for (const float x : numbers) most = std::max(most, std::abs(static_cast<double>(x)));
    return most;
}

void check(const std::string& name, std::span<const float> wanted) {
    const Case c(name);
    const SingleLayer layer(c.shape, [&](Tracer& tracer) { trace(c, tracer); });
    const GraphView graph = layer.graph();
    REQUIRE(static_cast<std::size_t>(graph.output_shape().size()) == wanted.size());
    const Candidate candidate = Candidate::at_run_time(name, graph, layer.plan());

    const io::SyntheticWeights weights(name);
    auto sample = io::synthetic_input(name, "input", static_cast<std::size_t>(c.shape.size()));
    if (c.activation())
        for (float& x : sample) x *= 8;
    std::vector<float> exact(wanted.size());
    reference::Interpreter(graph, weights).run(sample, exact, 0);
    // the wanted floats' own rounding; of a resized picture's the mixes', and the places', times twice the numbers
    const double unit = 0x1p-24,
                 rounding = unit * (c.layer.starts_with("resize") ? 8 + 4 * (c.shape.height + c.shape.width) : 1);
    CHECK(apart(exact, wanted) <= rounding * std::max(1.0, largest(wanted)) * (1 + 1e-6));
    const ErrorBound bound(graph, weights, sample, 0);
    const auto packed = cpu::pack(graph, candidate.plan, Parameters(graph, weights));
    for (const auto isa : instruction_sets()) {
        INFO(cpu::name_of(isa));
        const auto table = candidate.kernel_table(isa);
        const auto found = run_in_parts(candidate, packed, table, sample, 0, 1);
        CHECK(apart(found, wanted) <= bound.error() + rounding * std::max(1.0, largest(wanted)));
        CHECK(same_bytes(found, run_in_parts(candidate, packed, table, sample, 0, 3)));
    }
}

}  // namespace

TEST_CASE("layers without a window give what PyTorch gave, on Reference and every instruction set") {
    const auto golden = io::WeightFile::open(source_folder() / "tests/golden/windowless_layers.safetensors");
    CHECK(golden.tensors().size() == 100);
    for (const io::StoredTensor& tensor : golden.tensors()) {
        INFO(tensor.name);
        std::vector<float> wanted(io::element_count(tensor.shape));
        golden.read(tensor.name, tensor.shape, wanted);
        check(std::string(tensor.name), wanted);
    }
}
