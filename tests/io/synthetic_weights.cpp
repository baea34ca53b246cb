#include <taxon/io/synthetic_weights.hpp>
#include <taxon/io/stored_tensor.hpp>

#include <cmath>

#include "catch.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using io::SyntheticWeights;

namespace {

float first_of(const SyntheticWeights& weights, std::string_view name, Dimensions shape) {
    std::vector<float> numbers(io::element_count(shape));
    weights.read(name, shape, numbers);
    return numbers.at(0);
}

}  // namespace

TEST_CASE("UnitSequence gives the numbers of the reference script") {
    // FNV-1a's published value for "a" seeds it; splitmix64 of it by hand.
    std::uint64_t z = 0xAF63DC4C8601EC8Cu + 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    CHECK(io::UnitSequence("", "a")[0] == static_cast<double>(z >> 40) / (1 << 23) - 1);
    CHECK(io::UnitSequence("ab", "c")[5] == io::UnitSequence("a", "bc")[5]);
    CHECK(io::UnitSequence("", "a")[1] != io::UnitSequence("", "a")[0]);
    // Elements of fill.parameter("x.weight", (1000, 25000), "a@b", 2.5), printed by NumPy with eight digits.
    const Dimensions shape{6, 25000};
    std::vector<float> all(150000);
    SyntheticWeights("a@b", 2.5).read("x.weight", shape, all);
    const float expected[] = {-0.01477692f, 0.00675046f, -0.00306397f, -0.00395884f, 0.01676293f, -0.00857394f};
    for (std::size_t i = 0; i < 6; ++i) CHECK(std::abs(all[i] - expected[i]) < 1e-8f);
}

TEST_CASE("SyntheticWeights scales by name and shape") {
    const SyntheticWeights weights;
    const auto unit = [](std::string_view name) { return io::UnitSequence("", name)[0]; };
    const auto expect = [&](std::string_view name, Dimensions shape, double middle, double spread) {
        INFO(name);
        CHECK(first_of(weights, name, shape) == static_cast<float>(middle + spread * unit(name)));
    };
    expect("bn.running_var", {4}, 1, 0.3);
    expect("bn.running_mean", {4}, 0, 0.1);
    expect("bn.weight", {4}, 1, 0.1);
    expect("bn.bias", {4}, 0, 0.05);
    expect("conv.weight", {4, 2, 3, 3}, 0, std::sqrt(3 * 1.5 / 18));
    expect("fc.weight", {4, 2}, 0, std::sqrt(3 * 1.5 / 2));
    expect("embeddings.word.weight", {4, 2}, 0, 0.1);
    expect("embeddings.norm.weight", {4}, 1, 0.1);
    expect("patch_embed.proj.weight", {4, 2}, 0, std::sqrt(3 * 1.5 / 2));
    expect("patch_embed.conv.0.weight", {4, 2}, 0, std::sqrt(3 * 1.5 / 2));
    expect("cls_token", {1, 1, 4}, 0, 0.1);
    expect("cls_token", {4}, 0, 0.1);
    expect("running_var", {4, 2}, 1, 0.3);
    expect("bias", {1, 2}, 0, std::sqrt(3 * 1.5 / 2));
    CHECK(weights.shape_of("anything", Dimensions{2, 3}) == Dimensions{2, 3});
    CHECK(weights.names().empty());
    float one = 0;
    CHECK(fault_of([&] { weights.read("w", Dimensions{2}, {&one, 1}); }) == Fault::shape);
}

TEST_CASE("SyntheticWeights::parse reads salt and gain") {
    const auto parsed = [](std::string_view text, std::string_view salt, double gain) {
        INFO(text);
        const SyntheticWeights weights = SyntheticWeights::parse(text);
        CHECK(weights.salt() == salt);
        CHECK(weights.gain() == gain);
    };
    parsed("synthetic", "", 1.5);
    parsed("synthetic:", "", 1.5);
    parsed("synthetic:a", "a", 1.5);
    parsed("synthetic@2", "", 2);
    parsed("synthetic:a@0.75", "a", 0.75);
    CHECK(SyntheticWeights::parse("synthetic:a@2").origin() == "synthetic:a");
    CHECK(SyntheticWeights::parse("synthetic").origin() == "synthetic");
    parsed("synthetic:a@b@1e1", "a@b", 10);
    for (const char* bad : {"", "synthetics", "synthetic@", "synthetic@x", "synthetic@0", "synthetic@-1",
                            "synthetic@1x", "synthetic@nan", "synthetic@inf", "file"}) {
        INFO(bad);
        CHECK(fault_of([&] { SyntheticWeights::parse(bad); }) == Fault::usage);
    }
}

TEST_CASE("synthetic_input is the sequence of its name") {
    const std::vector<float> input = io::synthetic_input("s", "input", 3);
    REQUIRE(input.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(input[i] == static_cast<float>(io::UnitSequence("s", "input")[i]));
}
