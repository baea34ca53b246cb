#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <taxon/backend/cpu/kernel_table.hpp>
#include <taxon/backend/reference/kernel/dense.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <vector>

#include "backend/against_reference.hpp"
#include "backend/dice.hpp"

/// One kernel of dense values, called with nests that are made at run time: its geometry is that of a network whose
/// last step it is.
namespace one_kernel {

using taxon::LoopNest;
using taxon::Strides;

/// A value: its numbers, and how each axis of a nest leads through them.
struct Operand {
    std::vector<float> numbers;
    Strides strides{};
};

/// The axes that `along` names, which lie in memory in a random order: some with gaps between their numbers, some
/// backwards, a few repeated.
inline Operand random_operand(Dice& dice, const LoopNest& nest, const std::vector<int>& along,
                              const std::string& seed) {
    std::vector<int> order = along;
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[static_cast<std::size_t>(dice(0, static_cast<int>(i) - 1))]);
    Operand operand;
    int stride = 1;
    for (const int axis : order) {
        const auto at = static_cast<std::size_t>(axis);
        const bool repeats = dice(0, 15) == 0;
        operand.strides.by[at] = repeats ? 0 : stride;
        if (!repeats) stride = stride * nest.sizes[at] + (dice(0, 3) == 0 ? dice(0, 5) : 0);
        if (!repeats && dice(0, 9) == 0) {
            operand.strides.first += operand.strides.by[at] * (nest.sizes[at] - 1);
            operand.strides.by[at] *= -1;
        }
    }
    operand.numbers = taxon::io::synthetic_input(seed, "operand", static_cast<std::size_t>(stride));
    return operand;
}

/// Strides of a result whose axes, those before the inner ones, lie in memory in a random order without gaps.
inline Strides random_result(Dice& dice, const LoopNest& nest) {
    std::vector<int> order(static_cast<std::size_t>(nest.rank - nest.inner));
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i > 1 && dice(0, 1) == 0; --i)
        std::swap(order[i - 1], order[static_cast<std::size_t>(dice(0, static_cast<int>(i) - 1))]);
    Strides to;
    int stride = 1;
    for (std::size_t i = order.size(); i-- > 0;) {
        to.by[static_cast<std::size_t>(order[i])] = stride;
        stride *= nest.sizes[static_cast<std::size_t>(order[i])];
    }
    return to;
}

inline taxon::reference::Value value_of(const std::vector<float>& numbers) {
    taxon::reference::Value value = taxon::reference::dense(static_cast<int>(numbers.size()));
    std::copy(numbers.begin(), numbers.end(), value.begin());
    return value;
}

/// Calls the last step of `network` on all instruction sets with these loops and operands, cut into parts from the last
/// to the first, and requires of each number that it is as expected but for what is allowed, and that the number of
/// parts changes no bit. `scratch`: its floats.
inline void check(const Candidate& network, const std::vector<LoopNest>& nests, const std::vector<Operand>& operands,
                  const std::vector<double>& expected, const std::vector<double>& allowed, std::size_t scratch = 0) {
    constexpr std::size_t fence = 16;
    constexpr float poison = 12345;
    const taxon::Step& step = network.plan.steps.back();
    const auto at = [&](std::size_t i) {
        return i < operands.size() ? reinterpret_cast<const std::byte*>(operands[i].numbers.data()) : nullptr;
    };
    for (const auto isa : instruction_sets()) {
        INFO("instruction set " << taxon::cpu::name_of(isa));
        const auto kernels = network.kernel_table(isa);
        std::vector<float> first;
        for (const int parts : {1, 2, 3}) {
            INFO(parts << " parts");
            std::vector<float> found(expected.size() + 2 * fence, poison), memory(scratch + 2 * fence, poison);
            for (int part = parts; part-- > 0;)
                kernels.calls.back()(step.geometry, {.in = at(0),
                                                     .weights = nullptr,
                                                     .bias = nullptr,
                                                     .operand = at(1),
                                                     .out = reinterpret_cast<std::byte*>(found.data() + fence),
                                                     .sums = nullptr,
                                                     .scratch = memory.data() + fence,
                                                     .part = part,
                                                     .parts = parts,
                                                     .third = at(2),
                                                     .fourth = at(3),
                                                     .nest = nests.data()});
            for (const auto* all : {&found, &memory})
                for (std::size_t i = 0; i < fence; ++i)
                    if ((*all)[i] != poison || (*all)[all->size() - 1 - i] != poison)
                        FAIL("the kernel wrote outside its memory");
            int wrong = 0;
            for (std::size_t i = 0; i < expected.size(); ++i) {
                const double number = static_cast<double>(found[fence + i]);
                const bool right =
                    std::isnan(expected[i]) ? std::isnan(number) : std::abs(number - expected[i]) <= allowed[i];
                if (!right && wrong++ == 0)
                    UNSCOPED_INFO("number " << i << " of " << expected.size() << " is " << number << ", and not "
                                            << expected[i] << " give or take " << allowed[i]);
            }
            CHECK(wrong == 0);
            if (parts == 1) first = found;
            else CHECK(same_bytes(first, found));
        }
    }
}

}  // namespace one_kernel
