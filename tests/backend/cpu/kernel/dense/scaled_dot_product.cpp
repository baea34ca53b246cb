#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/layer/dense.hpp>
#include <taxon/model.hpp>

#include "one_kernel.hpp"

namespace {

using namespace taxon;
using one_kernel::Operand;

/// A batch of two, three queries, four keys, five features and six of values.
template <bool HasBias>
struct Attention {
    static constexpr std::array inputs{Port{"q", dense::numbers(30)}, Port{"k", dense::numbers(40)},
                                       Port{"v", dense::numbers(48)}, Port{"bias", dense::numbers(24)}};
    static constexpr void trace(Tracer& tracer) {
        const dense::Operand q(tracer.input("q"), {15, 5, 0, 0, 1}), k(tracer.input("k"), {20, 0, 0, 5, 1}),
            v(tracer.input("v"), {24, 0, 1, 6, 0}), bias(tracer.input("bias"), {12, 4, 0, 1, 0});
        if constexpr (HasBias)
            dense::scaled_dot_product(tracer, "attention", {2, 3, 6, 4, 5}, {q, k, v, bias}, .5, {18, 1, 3});
        else dense::scaled_dot_product(tracer, "attention", {2, 3, 6, 4, 5}, {q, k, v}, .5);
    }
};

std::vector<double> numbers_of(const reference::Value& value) { return {value.begin(), value.end()}; }

struct Sizes {
    std::vector<int> batch;
    int queries, values, keys, features;
};

/// `masks`: −∞ for all keys of some queries, and for all but the last of others.
enum class Bias { none, random, masks };

/// Attention over random strides. A score is wrong by the roundings of a product of `features` and of the bias, its
/// exponential by 3e-7 and as much as the score; the result is a mean of values by such weights, and sums over keys
/// round.
void check(const Sizes& shape, Bias kind, int seed) {
    const bool has_bias = kind != Bias::none;
    Dice dice(seed);
    const std::string name = "attention " + std::to_string(seed);
    LoopNest nest{.inner = 2};
    for (const int axis : shape.batch) nest.sizes[static_cast<std::size_t>(nest.rank++)] = axis;
    const int batch = nest.rank;
    for (const int axis : {shape.queries, shape.values, shape.keys, shape.features})
        nest.sizes[static_cast<std::size_t>(nest.rank++)] = axis;
    const auto along = [&](std::initializer_list<int> own) {
        std::vector<int> axes(own);
        for (int& axis : axes) axis += batch;
        for (int i = 0; i < batch; ++i) axes.push_back(i);
        return axes;
    };
    constexpr int queries = 0, values = 1, keys = 2, features = 3;
    std::vector<Operand> operands{one_kernel::random_operand(dice, nest, along({queries, features}), name + " q"),
                                  one_kernel::random_operand(dice, nest, along({keys, features}), name + " k"),
                                  one_kernel::random_operand(dice, nest, along({values, keys}), name + " v")};
    if (has_bias) operands.push_back(one_kernel::random_operand(dice, nest, along({queries, keys}), name + " bias"));
    const auto bias_at = [&](int query, int key) -> float& {
        const Strides& strides = operands[3].strides;
        const auto by = [&](int axis) { return strides.by[static_cast<std::size_t>(batch + axis)]; };
        return operands[3].numbers[static_cast<std::size_t>(strides.first + query * by(queries) + key * by(keys))];
    };
    for (int query = 0; kind == Bias::masks && query < shape.queries; ++query)
        for (int key = 0; key < shape.keys; ++key)
            if (query % 3 == 1 || (query % 3 == 2 && key + 1 < shape.keys)) bias_at(query, key) = -INFINITY;
    nest.first = 1 / std::sqrt(static_cast<double>(shape.features));
    nest.operand_count = static_cast<int>(operands.size());
    for (std::size_t i = 0; i < 3; ++i) nest.operands[i] = operands[i].strides;
    nest.out = one_kernel::random_result(dice, nest);
    nest.result_count = nest.outer_count();
    LoopNest of_bias{.rank = nest.rank, .inner = nest.inner, .sizes = nest.sizes};
    reference::Value bias;
    if (has_bias) of_bias.operands[0] = operands[3].strides, bias = one_kernel::value_of(operands[3].numbers);

    const auto expected = numbers_of(reference::scaled_dot_product(
        nest, one_kernel::value_of(operands[0].numbers), one_kernel::value_of(operands[1].numbers),
        one_kernel::value_of(operands[2].numbers), has_bias ? &of_bias : nullptr, has_bias ? &bias : nullptr));
    constexpr double unit = 0x1p-24;
    const double root = std::sqrt(static_cast<double>(shape.features)),  // numbers are below 1
        score = 4 * unit * root * std::sqrt(shape.features + 2.) + 2 * unit + 3e-7,
                 allowed = 2 * score + 4 * unit * std::sqrt(shape.keys + 2.);
    INFO("queries " << shape.queries << ", keys " << shape.keys << ", features " << shape.features << " and "
                    << shape.values << ", batch of " << nest.count(0, batch) << ", seed " << seed);
    static const Candidate with = Candidate::of<Attention<true>>(), without = Candidate::of<Attention<false>>();
    one_kernel::check(has_bias ? with : without, {nest, of_bias}, operands, expected,
                      std::vector<double>(expected.size(), allowed));
}

/// As a whole network, from its trace on.
template <class Network>
void check_network() {
    const Candidate network = Candidate::of<Network>();
    const io::SyntheticWeights weights("attention");
    const auto sample = input_of(network.graph, "attention", sample_size(network.graph.inputs, 0));
    std::vector<float> expected(sample_size(network.graph.outputs, 0)), found(expected.size());
    reference::Interpreter(network.graph, weights).run(sample, expected, 1);
    for (const auto isa : instruction_sets()) {
        const Model<Network> model = Model<Network>::load(weights, {.isa = isa, .threads = 1});
        typename Model<Network>::Workspace workspace;
        model(sample, found, workspace);
        for (std::size_t i = 0; i < found.size(); ++i)
            CHECK(std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i])) < 3e-6);
    }
}

}  // namespace

TEST_CASE("scaled dot products of random shapes and strides agree with Reference") {
    for (int seed = 0; seed < 40; ++seed) {
        Dice dice(seed);
        Sizes shape{{}, dice(1, 40), dice(1, 20), dice(1, 40), dice(1, 20)};
        for (int axes = dice(0, 3); axes > 0; --axes) shape.batch.push_back(dice(1, 3));
        check(shape, seed % 2 == 0 ? Bias::random : Bias::none, seed);
    }
}

TEST_CASE("scaled dot products of transformers' shapes, and longer ones, agree with Reference") {
    check({{1, 2}, 49, 16, 49, 32}, Bias::random, 100);
    check({{}, 197, 8, 197, 64}, Bias::none, 101);
    check({{}, 33, 8, 300, 16}, Bias::random, 102);
    check({{}, 7, 130, 140, 140}, Bias::none, 103);
    check({{2}, 1, 64, 129, 64}, Bias::random, 104);
}

TEST_CASE("a query whose keys are all masked by minus infinity gets NaN, as of a softmax, and one that sees a key it") {
    check({{}, 33, 8, 40, 16}, Bias::masks, 110);
    check({{}, 5, 8, 300, 16}, Bias::masks, 111);
}

TEST_CASE("networks with scaled dot products agree with Reference") {
    STATIC_REQUIRE(graph_of<Attention<true>>.flops() == 2 * 2 * 3 * 4 * (5 + 6));
    check_network<Attention<true>>();
    check_network<Attention<false>>();
}
