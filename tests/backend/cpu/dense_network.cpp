#include <taxon/model.hpp>

#include <algorithm>
#include <taxon/backend/reference/reference.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/dense.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

/// Pictures that become dense values in their own memory and by a copy, and the reverse; outputs that are a constant,
/// a value made of pieces, and one that all threads compute.
struct Network {
    static constexpr std::array inputs{Port{"picture", {16, 6, 6}}};

    static constexpr void trace(Tracer& tracer) {
        tracer.scope("first", Conv2d<16, 16, 1>::trace);
        const auto pixels = dense::flatten(tracer, "pixels", tracer.current);
        const auto table = dense::constant(tracer, "table", 36, 16);
        tracer.output("table");
        const auto sum = dense::map(tracer, "sum", MapFunction::add, {36, 16}, {pixels, table});
        const auto shares = dense::row(tracer, "shares", RowFunction::softmax, {16, 36}, {{sum, {1, 16}}}, {1, 16});
        const auto means = dense::reduce(tracer, "means", Reduction::mean, {36, 16}, 1, sum);
        const auto scaled = dense::map(tracer, "scaled", MapFunction::multiply, {36, 16}, {shares, {means, {1, 0}}});
        tracer.current = dense::picture(tracer, "as_picture", scaled, {16, 6, 6});
        tracer.scope("second", Conv2d<16, 8, 1>::trace);
        tracer.output("picture");
        const auto planes = dense::flatten(tracer, "planes", tracer.current, false);
        dense::assemble(tracer, "padded", 400, {{planes, {288}, {1}, 3}, {means, {36}, {-1}, 399}}, .5);
        tracer.output("padded");
        dense::map(tracer, "outer", MapFunction::multiply, {288, 288}, {{planes, {1, 0}}, {planes, {0, 1}}});
        tracer.output("outer");
    }
};

using Fused = Model<Network>;
using LayerByLayer = Model<Network, execution::LayerByLayer>;
using Specification = Model<Network, backend::Reference>;

const io::SyntheticWeights weights;

std::vector<float> picture() {
    std::vector<float> numbers(576);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i * 37 % 64) / 32 - 1;
    return numbers;
}

template <class M>
std::vector<std::vector<float>> run(const M& model) {
    return model({{"picture", picture()}});
}

}  // namespace

TEST_CASE("A network of pictures and dense values gives Reference's outputs on every set and any number of threads",
          "[dense]") {
    const auto expected = run(Specification::load(weights));
    REQUIRE(expected.size() == 4);
    CHECK(expected[2][2] == .5f);
    const auto check = [&](const std::vector<std::vector<float>>& found) {
        REQUIRE(found.size() == expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            REQUIRE(found[i].size() == expected[i].size());
            double apart = 0, most = 0;
            for (std::size_t k = 0; k < found[i].size(); ++k) {
                apart = std::max(apart, std::abs(static_cast<double>(found[i][k]) - expected[i][k]));
                most = std::max(most, std::abs(static_cast<double>(expected[i][k])));
            }
            CHECK(apart <= 2e-6 * most);
        }
    };
    for (const cpu::Isa isa : cpu::all_isas) {
        if (!cpu::supported(isa)) continue;
        INFO(cpu::name_of(isa));
        const auto alone = run(Fused::load(weights, {.isa = isa, .threads = 1}));
        check(alone);
        for (const int threads : {2, 3}) CHECK(run(Fused::load(weights, {.isa = isa, .threads = threads})) == alone);
        check(run(LayerByLayer::load(weights, {.isa = isa, .threads = 1})));
    }
}

TEST_CASE("Every dense value of a network can be looked at, in the graph's order", "[dense]") {
    const auto model = LayerByLayer::load(weights);
    const auto specification = Specification::load(weights);
    std::vector<std::string> found, expected;
    LayerByLayer::Workspace ours;
    Specification::Workspace theirs;
    const auto sample = picture();
    model.walk(sample, ours, [&](const LayerView& layer) { found.emplace_back(layer.name); });
    specification.walk(sample, theirs, [&](const LayerView& layer) { expected.emplace_back(layer.name); });
    std::erase(expected, "table");
    found.erase(std::unique(found.begin(), found.end()), found.end());  // pieces of one value
    CHECK(found == expected);
}
