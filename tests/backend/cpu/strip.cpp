#include <taxon/backend/cpu/strip.hpp>

#include <taxon/backend/cpu/run_time_network.hpp>

#include <algorithm>

#include "backend/against_reference.hpp"
#include "backend/cpu/run_end_to_end.hpp"
#include "catch.hpp"
#include "onnx/every_layer.hpp"

using namespace taxon;

TEST_CASE("strips cover a panel, none wider than three vectors of eight") {
    for (int width = 8; width <= 64; width += 8) {
        int next = 0;
        for (int n = 0; n < width; ++n) {
            const auto [from, strip] = cpu::strip_of(n, width);
            CHECK((from <= n && n < from + strip && strip <= 24 && strip % 8 == 0));
            if (n < next) continue;
            CHECK(from == next);
            next += strip;
        }
        CHECK(next == width);
    }
}

TEST_CASE("weights that are packed by strips give the same bytes, and are saved in the common order") {
    using every_layer::case_of;
    const std::vector<every_layer::Case> cases{
        case_of<Conv2d<6, 40, 1, 1, 1, true>, Conv2d<40, 72, 3, 2>, ReLU, Conv2d<72, 136, 1>>("windows", {6, 9, 11}),
        case_of<Conv2d<6, 96, 1>, Conv2d<96, 80, 1, 1, 2>, Conv2d<80, 128, 3, 2, 2>>("groups", {6, 9, 11}),
        case_of<ConvTranspose2d<6, 56, 3, 2>, ConvTranspose2d<56, 104, 2, 2, 2, true>>("transposed", {6, 5, 7}),
        case_of<Conv2d<64, 512, 3, 2>, Conv2d<512, 88, 3, 2>>("deep sums in blocks", {64, 13, 13}),
        case_of<Linear<6, 64>, GELU, Linear<64, 200>>("tokens", {6, 1, 37, true})};
    int reordered = 0;
    for (const auto& one : cases) {
        INFO(one.name);
        const GraphView graph = one.network->graph();
        const io::SyntheticWeights weights(one.name);
        const OwnedPlan plan = plan_at_run_time(graph);
        const Parameters parameters(graph, weights);
        const auto panels = cpu::pack(graph, plan.view(), parameters),
                   strips = cpu::pack(graph, plan.view(), parameters, {}, true),
                   saved = cpu::in_panels(plan.view(), cpu::pack(graph, plan.view(), parameters, {}, true));
        CHECK(std::ranges::equal(saved.weights, panels.weights));
        CHECK(std::ranges::equal(saved.biases, panels.biases));
        CHECK_FALSE(saved.by_strips);
        reordered += std::ranges::equal(strips.weights, panels.weights) ? 0 : 1;
        const auto sample = input_of(graph, one.name, sample_size(graph.inputs, graph.node(0).out.width));
        for (const auto isa : instruction_sets()) {
            INFO(cpu::name_of(isa));
            const auto kernels = cpu::kernel_table_at_run_time(plan.view(), isa);
            const auto run = [&](const cpu::Packed& packed) {
                const cpu::Executable network(graph, plan.view(), packed, kernels.view(), {.threads = 1});
                return run_end_to_end(network, graph, sample);
            };
            CHECK(same_bytes(run(panels), run(strips)));
        }
    }
    CHECK(reordered == static_cast<int>(cases.size()));
}
