#include <taxon/backend/cpu/cpu.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <taxon/backend/reference/reference.hpp>
#include <taxon/number/nonfinite.hpp>
#include <taxon/layer/prelu.hpp>

#include "backend/against_reference.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

/// One way from the input to the output, through every step that compares: what one of them loses does not come back.
struct EveryActivation {
    static constexpr Shape input{3, 18, 18};
    using Gate = Gated<Sequential<GlobalAveragePool, Conv2d<16, 8, 1>, ReLU, Conv2d<8, 16, 1>, HardSigmoid>>;
    using Layers = Sequential<Conv2d<3, 16, 3, 2>, ReLU, MaxPool2d<3, 2, 1>, Conv2d<16, 16, 3, 1, 16>, ReLU6,
                              Conv2d<16, 16, 1>, HardSwish, MaxPool2d<2>, Conv2d<16, 16, 3>, SiLU, Gate,
                              Conv2d<16, 20, 1>, LeakyReLU<>, BatchNorm2d<20>, Sigmoid, Conv2d<20, 16, 1>, Tanh, ELU<>,
                              PReLU<16>, Conv2d<16, 16, 1>, Softplus<>, Conv2d<16, 8, 1>, Mish, Conv2d<8, 16, 1>,
                              HardTanh<-2, 2>, GlobalAveragePool, Linear<16, 24>, GELU, Linear<24, 7>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

struct Tokens {
    static constexpr Shape input = Shape::tokens(24, 64);
    using Layers = Sequential<LayerNorm<24>, Linear<24, 72>, SelfAttention<24, 3>, Linear<24, 50>, GELU, Linear<50, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Infinities are not squashed by it.
struct Rectified {
    static constexpr Shape input{3, 18, 18};
    using Layers = Sequential<Conv2d<3, 16, 3, 2>, ReLU, MaxPool2d<3, 2, 1>, Conv2d<16, 24, 3>, HardSwish,
                              GlobalAveragePool, Linear<24, 7>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// The results of Reference and of every instruction set.
std::vector<std::vector<float>> results(const Candidate& c, std::span<const float> sample, int length) {
    const io::SyntheticWeights weights("nonfinite");
    Shape out = c.graph.output_shape();
    if (out.sequence) out.width = length;
    std::vector<std::vector<float>> all{std::vector<float>(static_cast<std::size_t>(out.size()))};
    reference::Interpreter(c.graph, weights).run(sample, all.front(), length);
    const auto packed = cpu::pack(c.graph, c.plan, Parameters(c.graph, weights));
    for (const auto isa : instruction_sets(c.data_types))
        all.push_back(run_in_parts(c, packed, c.kernel_table(isa), sample, length, 1));
    return all;
}

template <class Network, class Precision>
void check_that_nan_stays(int length = 0) {
    const Candidate c = Candidate::of<Network, execution::Fused, Precision>();
    INFO(c.what);
    Shape shape = Network::input;
    if (shape.sequence) shape.width = length;
    auto sample = input_of(c.graph, "nonfinite", static_cast<std::size_t>(shape.size()));
    for (const auto& result : results(c, sample, shape.width)) CHECK(all_finite(result));
    // the usual NaN, a negative one, and one whose fraction is all ones
    for (const std::uint32_t bits : {0x7fc00000u, 0xffc00000u, 0x7fffffffu}) {
        sample[sample.size() / 2] = std::bit_cast<float>(bits);
        for (const auto& result : results(c, sample, shape.width))
            CHECK(std::ranges::all_of(result, [](float x) { return std::isnan(x); }));
    }
}

}  // namespace

TEST_CASE("R2: one NaN in the input is NaN in every result, on every backend and instruction set") {
    check_that_nan_stays<EveryActivation, precision::Float32>();
    check_that_nan_stays<EveryActivation, precision::Float16>();
    check_that_nan_stays<EveryActivation, precision::BFloat16>();
    check_that_nan_stays<Tokens, precision::Float32>(20);
}

TEST_CASE("R2: infinities and overflow are no finite results") {
    const Candidate c = Candidate::of<Rectified>();
    constexpr float infinity = std::numeric_limits<float>::infinity(), most = std::numeric_limits<float>::max();
    for (const float number : {infinity, -infinity, most, -most}) {
        INFO(number);
        const std::vector<float> sample(static_cast<std::size_t>(Rectified::input.size()), number);
        const auto all = results(c, sample, 18);
        for (std::size_t i = 0; i < all.size(); ++i) {
            INFO("result " << i);
            if (i == 0 && std::isfinite(number)) continue;  // Reference has doubles, which do not overflow
            CHECK_FALSE(all_finite(all[i]));
        }
    }
}
