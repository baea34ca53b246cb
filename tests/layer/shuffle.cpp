#include <taxon/layer/shuffle.hpp>

#include <numeric>
#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/slice.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

struct Spec {
    int groups, channels, factor, hidden, height, width;
};

constexpr Spec spec(int number) {
    Dice dice(53'000 + number);
    const int groups = dice(1, 6), factor = dice(1, 4);
    return {groups, groups * dice(1, 60), factor, factor * factor * dice(1, 9), dice(1, 6), dice(1, 6)};
}

/// Channels of the input and of a picture with a halo; pixels into a concatenation; half of the channels left alone.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr int few = s.hidden / (s.factor * s.factor), joined = few + 8;
    static constexpr Shape input{s.channels, s.height, s.width};
    using Layers = Sequential<ChannelShuffle<s.groups>, Conv2d<s.channels, s.hidden, 3>, ChannelShuffle<1>,
                              Concat<PixelShuffle<s.factor>,
                                     Sequential<Conv2d<s.hidden, 8 * s.factor * s.factor, 1>, PixelShuffle<s.factor>>>,
                              PixelUnshuffle<s.factor>, Conv2d<joined * s.factor * s.factor, 20, 3>,
                              Concat<Slice<0, 10>, Sequential<Slice<10, 10>, Conv2d<10, 10, 1>>>, ChannelShuffle<2>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check_against_reference(Candidate::of<Network<Number>>(), "shuffle"), ...);
}

template <Layer... L>
struct Alone {
    static constexpr Shape input{8, 2, 2};
    static constexpr void trace(Tracer& tracer) { Sequential<L...>::trace(tracer); }
};

template <Layer... L>
std::vector<float> shuffled() {
    std::vector<float> sample(32), found(32);
    std::iota(sample.begin(), sample.end(), 0.f);
    reference::Interpreter(graph_of<Alone<L...>>, io::SyntheticWeights()).run(sample, found, 0);
    return found;
}

}  // namespace

TEST_CASE("shuffles of random shapes agree with Reference") {
    check_all(std::make_integer_sequence<int, 6>{});
    check_against_reference(Candidate::of<Network<6>, execution::LayerByLayer>(), "shuffle");
}

TEST_CASE("stored values: shuffles") {
    check_steps(Candidate::of<Network<0>>(), "shuffle");
    check_steps(Candidate::of<Network<1>, execution::Fused, precision::QInt8MixedFloat32>(), "shuffle");
    check_steps(Candidate::of<Network<2>, execution::Fused, precision::BFloat16>(), "shuffle");
    check_steps(Candidate::of<Network<3>, execution::Fused, precision::QInt16MixedFloat32>(), "shuffle");
}

TEST_CASE("channels of two groups take turns") {
    const auto found = shuffled<ChannelShuffle<2>>();
    CHECK(std::vector<float>(found.begin(), found.begin() + 12) ==
          std::vector<float>{0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7});
}

TEST_CASE("four channels become a square of pixels, and channels again") {
    const auto found = shuffled<PixelShuffle<2>>();
    CHECK(std::vector<float>(found.begin(), found.begin() + 16) ==
          std::vector<float>{0, 4, 1, 5, 8, 12, 9, 13, 2, 6, 3, 7, 10, 14, 11, 15});
    std::vector<float> sample(32);
    std::iota(sample.begin(), sample.end(), 0.f);
    CHECK(shuffled<PixelShuffle<2>, PixelUnshuffle<2>>() == sample);
}
