#include <taxon/plan/chain.hpp>

#include <taxon/backend/cpu/run_time_network.hpp>
#include <taxon/graph/traced_graph.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/plan/owned_plan.hpp>
#include <taxon/zoo/bert.hpp>
#include <taxon/zoo/efficientnet.hpp>
#include <taxon/zoo/mobilenet_v2.hpp>
#include <taxon/zoo/resnet.hpp>
#include <taxon/zoo/yolov5.hpp>

#include <algorithm>
#include <array>
#include <random>

#include "backend/cpu/in_turn.hpp"
#include "backend/cpu/run_end_to_end.hpp"
#include "backend/step_by_step.hpp"
#include "catch.hpp"

using namespace taxon;

namespace {

/// A convolution, dense or by channel, or a pool.
struct ChainLayer {
    Op op{};
    int channels = 0, groups = 1;
    Window window{};
};

TracedGraph network_of(Shape input, const std::vector<ChainLayer>& layers) {
    static constexpr std::array<std::string_view, 6> names{"a", "b", "c", "d", "e", "f"};
    return {{{.shape = input}}, [&](Tracer& tracer) {
                for (std::size_t i = 0; i < layers.size(); ++i)
                    tracer.scope(names[i], [&](Tracer& scoped) {
                        const auto& [op, channels, groups, window] = layers[i];
                        const Shape in = scoped.shape(),
                                    out{channels, window.y.outputs(in.height), window.x.outputs(in.width)};
                        Node node{.op = op, .window = window, .groups = groups};
                        if (op == Op::pool) node.pooling = Pooling::max;
                        else
                            node.parameter = scoped.parameter("weight", Role::trained, channels, in.channels / groups,
                                                              window.y.size, window.x.size);
                        scoped.node(node, out);
                    });
            }};
}

/// Bytes of the values that chains keep in the cache.
std::int64_t bytes_kept(PlanView plan) {
    std::int64_t bytes = 0;
    for (const StepChain& chain : chains_of(plan))
        for (int i = chain.first; i < chain.last - 1; ++i)
            bytes += detail::bytes_of(detail::ChainFinder(plan).value_of(i));
    return bytes;
}

/// The same bytes as the steps one after the other, with any number of parts. `make` binds a network.
template <class Make>
void check_parts(const std::string& name, GraphView graph, const Make& make) {
    const int width = graph.node(0).out.width;
    const auto sample = io::synthetic_input(name, "input", sample_size(graph.inputs, width));
    const auto alone = make(cpu::Options{.threads = 1});
    cpu::Workspace workspace;
    alone.executable().load_input(sample, width, workspace);
    std::vector<float> wanted(sample_size(graph.outputs, width));
    alone.executable().run_edited(wanted, width, workspace, [](int, std::span<float>) {});
    CHECK(same_bytes(run_end_to_end(alone.executable(), graph, sample), wanted));
    for (const int parts : {2, 3, 7}) {
        InTurn executor(parts, parts == 3);
        const auto shared = make(cpu::Options{.executor = &executor});
        CHECK(same_bytes(run_end_to_end(shared.executable(), graph, sample), wanted));
    }
}

/// The same on every set, by kernels of any size.
void check_bytes(const std::string& name, GraphView graph) {
    INFO(name);
    const io::SyntheticWeights weights(name);
    for (const auto isa : instruction_sets()) {
        INFO(cpu::name_of(isa));
        check_parts(name, graph, [&](cpu::Options options) {
            options.isa = isa;
            return cpu::RunTimeNetwork(graph, weights, options);
        });
    }
}

struct CompiledNetwork {
    cpu::Executable network;
    const cpu::Executable& executable() const { return network; }
};

/// The same by kernels that are compiled for each geometry.
template <class A>
void check_compiled(const std::string& name) {
    INFO(name);
    const Candidate c = Candidate::of<A>();
    const io::SyntheticWeights weights(name);
    for (const auto isa : instruction_sets()) {
        INFO(cpu::name_of(isa));
        const auto packed = cpu::pack(c.graph, c.plan, Parameters(c.graph, weights), {}, cpu::multiplies_strips(isa));
        check_parts(name, c.graph, [&](const cpu::Options& options) {
            return CompiledNetwork{cpu::Executable(c.graph, c.plan, packed, c.kernel_table(isa), options)};
        });
    }
}

/// An inverted residual's layers, and a pool.
struct Inverted {
    static constexpr Shape input{8, 72, 70};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<8, 64, 1>, ReLU, Conv2d<64, 64, 3, 1, 64>, ReLU, Conv2d<64, 32, 1>,
                   MaxPool2d<3, 2, 1>>::trace(tracer);
    }
};

template <class... Layers>
void check_layers(const std::string& name, int chained) {
    const TracedGraph traced({{.shape = {8, 72, 70}}}, Sequential<Layers...>::trace);
    const OwnedPlan plan = plan_at_run_time(traced.graph());
    INFO(name);
    int steps = 0;
    for (const StepChain& chain : chains_of(plan.view())) steps += chain.last - chain.first;
    CHECK(steps == chained);
    check_bytes(name, traced.graph());
}

template <class A>
std::vector<std::pair<int, int>> chained_steps(const DataTypes& data_types = {}, bool fuses = true) {
    const OwnedPlan plan = plan_at_run_time(graph_of<A>, data_types, fuses);
    std::vector<std::pair<int, int>> steps;
    for (const StepChain& chain : chains_of(plan.view())) steps.emplace_back(chain.first, chain.last);
    return steps;
}

}  // namespace

TEST_CASE("chains of some networks") {
    using Steps = std::vector<std::pair<int, int>>;
    CHECK(chained_steps<zoo::MobileNetV2<>>() == Steps{{0, 3}, {3, 6}, {6, 9}, {9, 11}, {12, 15}, {15, 18}});
    CHECK(chained_steps<zoo::EfficientNetB0<>>() == Steps{{0, 2}, {5, 8}, {12, 14}, {18, 20}, {24, 26}});
    CHECK(chained_steps<zoo::ResNet50<>>() == Steps{{0, 2}});
    CHECK(chained_steps<zoo::Yolov5n<>>() == Steps{{0, 3}, {5, 8}, {37, 39}});
    CHECK(chained_steps<zoo::MiniLmL6<>>().empty());
    INFO("all values are kept, or are bytes");
    CHECK(chained_steps<zoo::MobileNetV2<>>({}, false).empty());
    CHECK(chained_steps<zoo::MobileNetV2<>>(precision::QInt8MixedFloat32::data_types).size() < 2);
}

TEST_CASE("a chain's bands fit the cache, and its values have memory of their own") {
    const OwnedPlan owned = owned_plan_of<zoo::MobileNetV2<>>({});
    const PlanView plan = owned.view();
    const detail::ChainFinder finder(plan);
    CHECK(bytes_kept(plan) > 15'000'000);
    for (const StepChain& chain : chains_of(plan)) {
        std::int64_t bytes = 0;
        std::vector<const Buffer*> buffers{&plan.buffer(plan.slot(finder.step(chain.first).source))};
        for (int i = chain.first; i < chain.last; ++i) {
            buffers.push_back(&finder.value_of(i));
            if (i + 1 < chain.last)
                bytes += std::int64_t{4} * finder.rows_between(chain, i) * finder.value_of(i).view.row();
        }
        CHECK(bytes <= detail::chain_values);
        CHECK(chain.band % 2 == 0);
        for (const Buffer* one : buffers)
            for (const Buffer* other : buffers) {
                const bool apart =
                    one->at + detail::bytes_of(*one) <= other->at || other->at + detail::bytes_of(*other) <= one->at;
                CHECK((one == other || apart));
            }
    }
}

TEST_CASE("random chains give the bytes of their steps one after the other, with any number of parts") {
    std::mt19937 random(11);
    const auto number = [&](int least, int most) { return std::uniform_int_distribution(least, most)(random); };
    std::int64_t kept = 0;
    int depthwise = 0, pools = 0;
    for (int round = 0; round < 12; ++round) {
        Shape shape{8 * number(1, 3), number(60, 90), number(60, 90)};
        const Shape input = shape;
        std::vector<ChainLayer> layers;
        for (int i = 0; i < 6; ++i) {
            const int kind = i == 0 ? 0 : number(0, 3), size = kind == 1 ? 1 : 2 * number(0, 2) + 1;
            const bool dense = kind < 2;
            const WindowAxis axis{size, number(0, 4) == 0 && shape.height > 60 ? 2 : 1, 1, size / 2, size / 2};
            const int channels = dense ? number(6, 12) * 8 - (number(0, 2) == 0 ? 4 : 0) : shape.channels;
            layers.push_back(
                {kind == 3 ? Op::pool : Op::convolution, channels, kind == 2 ? channels : 1, Window{axis, axis}});
            depthwise += kind == 2, pools += kind == 3;
            shape = {channels, axis.outputs(shape.height), axis.outputs(shape.width)};
        }
        const std::string name = "chain " + std::to_string(round);
        INFO(name);
        const TracedGraph traced = network_of(input, layers);
        const GraphView graph = traced.graph();
        REQUIRE(traced.problem().empty());
        kept += bytes_kept(plan_at_run_time(graph).view());
        check_bytes(name, graph);
    }
    CHECK(kept > 12 * 1'000'000);
    CHECK(depthwise > 5);
    CHECK(pools > 5);
}

TEST_CASE("chains with residuals, and of a depthwise convolution that sums up its channels, give the same bytes") {
    using Expand = Sequential<Conv2d<8, 48, 1>, ReLU>;
    check_layers<Expand,
                 Residual<Sequential<Conv2d<48, 64, 1>, ReLU, Conv2d<64, 64, 3, 1, 64>, ReLU, Conv2d<64, 48, 1>>>,
                 MaxPool2d<3, 2, 1>>("wide in between", 4);
    check_layers<Expand, Residual<Sequential<Conv2d<48, 48, 3, 1, 48>, ReLU, Conv2d<48, 48, 1>>>, MaxPool2d<3, 2, 1>>(
        "windows first", 3);
    check_layers<Expand, Conv2d<48, 48, 3, 1, 48>, ReLU, GlobalAveragePool, Linear<48, 5>>("sums", 2);
}

TEST_CASE("chains of compiled kernels give the bytes of their steps, too") {
    CHECK(chained_steps<Inverted>() == std::vector<std::pair<int, int>>{{0, 4}});
    check_compiled<Inverted>("inverted");
}
