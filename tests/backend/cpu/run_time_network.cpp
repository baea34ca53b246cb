#include <taxon/backend/cpu/run_time_network.hpp>

#include <algorithm>
#include <taxon/model.hpp>

#include "backend/cpu/run_end_to_end.hpp"
#include "backend/step_by_step.hpp"
#include "networks.hpp"
#include "onnx/every_layer.hpp"

using namespace taxon;

namespace {

/// The same bytes as the compiled network's, on every instruction set and any number of threads.
template <class A>
void check_against_compiled(const std::string& name) {
    INFO(name);
    const io::SyntheticWeights weights(name);
    const GraphView graph = graph_of<A>;
    const auto sample = input_of(graph, name, sample_size(graph.inputs, graph.node(0).out.width));
    for (const auto isa : instruction_sets()) {
        INFO(cpu::name_of(isa));
        const auto compiled = Model<A>::load(weights, {.isa = isa, .threads = 1});
        const auto wanted = run_end_to_end(compiled.engine(), graph, sample);
        for (const int threads : {1, 2, 3}) {
            const cpu::RunTimeNetwork network(graph, weights, {.isa = isa, .threads = threads});
            CHECK(network.executable().isa() == cpu::name_of(isa));
            CHECK(same_bytes(run_end_to_end(network.executable(), graph, sample), wanted));
        }
    }
}

/// Every other kind of kernel, in sizes at the borders of tiles: 40 and 24 channels, a head of 12.
struct Sizes {
    static constexpr Shape input{3, 17, 23};
    using Layers = Sequential<
        Conv2d<3, 24, 3, 2, 1, true>, SiLU, Conv2d<24, 40, 3>, BatchNorm2d<40>, GELU,
        Residual<Sequential<Conv2d<40, 72, 1>, ReLU6, Conv2d<72, 72, 3, 1, 72>, HardSwish, Conv2d<72, 40, 1>>>, ReLU,
        Linear<40, 108>, SelfAttention<36, 3>, Conv2d<36, 20, 5, 3>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace

TEST_CASE("every layer, planned and run by kernels of any size, gives what Reference gives") {
    for (const auto& one : every_layer::cases()) {
        INFO(one.name);
        const GraphView graph = one.network->graph();
        for (const bool fuses : {true, false}) {
            if (one.name.find("outlook") != one.name.npos ||
                one.name == "class_attention") {  // they want heads of eight channels
                CHECK_THROWS_AS(plan_at_run_time(graph, {}, fuses), Error);
                continue;
            }
            const OwnedPlan plan = plan_at_run_time(graph, {}, fuses);
            check_against_reference(Candidate::at_run_time(one.name, graph, plan.view()), one.name);
        }
    }
}

TEST_CASE("a network made at run time gives the compiled one's bytes") {
    check_against_compiled<networks::Branches>("branches");
    check_against_compiled<networks::Gates>("gates");
    check_against_compiled<Sizes>("sizes");
}

TEST_CASE("a network made at run time computes in float32 alone") {
    const GraphView graph = graph_of<networks::Branches>;
    const OwnedPlan plan = plan_at_run_time(graph, precision::QInt8MixedFloat32::data_types);
    try {
        cpu::kernel_table_at_run_time(plan.view(), cpu::Isa::portable);
        FAIL("kernels of integers");
    } catch (const Error& error) {
        CHECK(error.fault() == Fault::unsupported);
        CHECK(std::string(error.what()).find("step 'convolution'") != std::string::npos);
    }
}
