#include <taxon/layer/conv_transpose2d.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "backend/against_reference.hpp"
#include "catch.hpp"
#include "layer/single_layer.hpp"

using namespace taxon;

TEST_CASE("every part of a transposed convolution computes as much as the others") {
    const SingleLayer layer({8, 32, 32}, ConvTranspose2d<8, 16, 2, 2>::trace);
    const PlanView plan = layer.plan();
    const Step& step = plan.steps[0];
    const View out = plan.view(step.target);
    const int numbers = out.shape.pixels() * out.pitch;
    const io::SyntheticWeights weights("parts");
    const auto packed = cpu::pack(layer.graph(), plan, Parameters(layer.graph(), weights));
    for (const auto isa : instruction_sets()) {
        INFO(cpu::name_of(isa));
        const auto kernels = cpu::kernel_table_at_run_time(plan, isa);
        for (const int parts : {2, 3})
            for (int part = 0; part < parts; ++part) {
                INFO("part " << part << " of " << parts);
                std::vector<std::byte, cpu::CacheLineAllocator<std::byte>> arena(
                    static_cast<std::size_t>(plan.arena_bytes));
                std::byte* target = arena.data() + plan.offset(step.target);
                auto* to = reinterpret_cast<float*>(target);
                std::fill_n(to, numbers, std::nanf(""));
                kernels.view().calls[0](step.geometry, {.in = arena.data() + plan.offset(step.source),
                                                        .weights = packed.weights.data() + step.weights_at,
                                                        .bias = packed.biases.data() + step.bias_at,
                                                        .operand = arena.data(),
                                                        .out = target,
                                                        .sums = to,
                                                        .scratch = to,
                                                        .part = part,
                                                        .parts = parts});
                const auto computed = std::count_if(to, to + numbers, [](float x) { return !std::isnan(x); });
                CHECK(std::abs(static_cast<int>(computed) * parts - numbers) <= numbers / 8);
            }
    }
}
