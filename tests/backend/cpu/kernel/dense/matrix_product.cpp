#include <taxon/layer/dense.hpp>
#include <xtensor/xmath.hpp>

#include "one_kernel.hpp"

namespace {

using namespace taxon;
using one_kernel::Operand;

struct Product {
    static constexpr std::array inputs{Port{"a", dense::numbers(6)}, Port{"b", dense::numbers(12)}};
    static constexpr void trace(Tracer& tracer) {
        dense::matrix_product(tracer, "product", {2, 4, 3}, 1, {tracer.input("a"), {3, 0, 1}},
                              {tracer.input("b"), {0, 1, 4}});
    }
};

/// Sizes of the axes of each kind.
struct Sizes {
    std::vector<int> batch, rows, columns, sums;
};

/// A product over random strides: wrong by as many roundings as it has sums, which are independent, and of the factor.
void check(const Sizes& sizes, int seed) {
    Dice dice(seed);
    LoopNest nest{.inner = static_cast<int>(sizes.sums.size())};
    std::vector<int> of_a, of_b;
    const auto add = [&](const std::vector<int>& kind, bool a, bool b) {
        for (const int size : kind) {
            if (a) of_a.push_back(nest.rank);
            if (b) of_b.push_back(nest.rank);
            nest.sizes[static_cast<std::size_t>(nest.rank++)] = size;
        }
    };
    add(sizes.batch, true, true), add(sizes.rows, true, false), add(sizes.columns, false, true);
    add(sizes.sums, true, true);
    const std::string name = "product " + std::to_string(seed);
    const std::vector<Operand> operands{one_kernel::random_operand(dice, nest, of_a, name + " a"),
                                        one_kernel::random_operand(dice, nest, of_b, name + " b")};
    nest.operands = {operands[0].strides, operands[1].strides};
    nest.out = one_kernel::random_result(dice, nest);
    nest.first = dice(0, 1) == 0 ? 1 : .3, nest.operand_count = 2, nest.result_count = nest.outer_count();

    const auto a = one_kernel::value_of(operands[0].numbers), b = one_kernel::value_of(operands[1].numbers);
    const auto expected = reference::matrix_product(nest, a, b),
               magnitudes = reference::matrix_product(nest, reference::Value(xt::abs(a)), reference::Value(xt::abs(b)));
    std::vector<double> allowed(magnitudes.begin(), magnitudes.end());
    for (double& number : allowed) number *= 4 * 0x1p-24 * std::sqrt(nest.inner_count() + 2.);
    INFO("seed " << seed << ", rows " << nest.count(0, nest.rank) << " in all, sums " << nest.inner_count());
    static const Candidate network = Candidate::of<Product>();
    one_kernel::check(network, {nest}, operands, {expected.begin(), expected.end()}, allowed);
}

}  // namespace

TEST_CASE("products of dense matrices of random shapes and strides agree with Reference") {
    for (int seed = 0; seed < 300; ++seed) {
        Dice dice(seed);
        const auto some = [&](int least, int most, int largest) {
            std::vector<int> sizes;
            for (int axes = dice(least, most); axes > 0; --axes) sizes.push_back(dice(1, largest));
            return sizes;
        };
        check({some(0, 1, 3), some(0, 2, 9), some(0, 2, 13), some(1, 3, 7)}, seed);
    }
}

TEST_CASE("products of dense matrices of all sizes of tiles agree with Reference") {
    for (const int rows : {1, 2, 5, 6, 7, 8, 25, 49})
        for (const int columns : {1, 3, 15, 16, 33, 65, 97, 113}) check({{}, {rows}, {columns}, {19}}, rows + columns);
}

TEST_CASE("long sums of dense matrices agree with Reference") {
    for (const int rows : {1, 3, 30}) {
        check({{2}, {rows}, {35}, {257}}, rows);
        check({{}, {rows}, {130}, {700}}, rows);
        check({{}, {rows}, {7}, {70, 3, 3}}, rows);
    }
    check({{}, {}, {}, {300}}, 1);
    check({{5}, {}, {}, {30}}, 2);
}

TEST_CASE("the pixels of overlapping windows times a matrix agree with Reference") {
    // a convolution of 3x3x3 over four channels of 5x6x7 and 11 outputs, and the same with its operands exchanged
    const std::vector<float> input = io::synthetic_input("windows", "input", 4 * 7 * 8 * 9),
                             weights = io::synthetic_input("windows", "weights", 11 * 4 * 27);
    LoopNest nest{.rank = 8, .inner = 4, .sizes = {11, 5, 6, 7, 4, 3, 3, 3}, .first = 1, .operand_count = 2};
    const Strides of_weights{.by = {108, 0, 0, 0, 27, 9, 3, 1}}, of_input{.by = {0, 72, 9, 1, 504, 72, 9, 1}};
    static const Candidate network = Candidate::of<Product>();
    for (const bool exchanged : {false, true})
        for (const Strides& out : {Strides{.by = {210, 42, 7, 1}}, Strides{.by = {1, 462, 77, 11}}}) {
            const std::vector<Operand> operands{{exchanged ? input : weights, exchanged ? of_input : of_weights},
                                                {exchanged ? weights : input, exchanged ? of_weights : of_input}};
            nest.operands = {operands[0].strides, operands[1].strides}, nest.out = out;
            nest.result_count = nest.outer_count();
            const auto expected = reference::matrix_product(nest, one_kernel::value_of(operands[0].numbers),
                                                            one_kernel::value_of(operands[1].numbers));
            one_kernel::check(network, {nest}, operands, {expected.begin(), expected.end()},
                              std::vector<double>(expected.size(), 4 * 0x1p-24 * std::sqrt(110.) * 108));
        }
}
