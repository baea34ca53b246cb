#include <taxon/backend/cpu/cpu.hpp>

#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>

#include "backend/against_reference.hpp"
#include "backend/dice.hpp"

using namespace taxon;

namespace {

constexpr int seed = 2, bands = 14;  // from that number on, pictures are computed band by band

struct Spec {
    int channels, squeezed, out, height, width;
    Extent size = 1, stride = 1, dilation = 1;
    Padding around = padding::centred;
    bool expands, norm;
    Activation function, gate;
};

constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    constexpr int sides[] = {1, 2, 3, 5, 7, 9, 13, 15, 22, 24};
    Spec s{};
    s.channels = dice(2, 70), s.squeezed = dice(1, 20), s.out = dice(1, 40);
    s.height = dice.one_of(sides), s.width = dice.one_of(sides);
    s.size = dice.one_of({3, 5}), s.stride = dice(1, 2);
    s.expands = dice(0, 2) > 0, s.norm = dice(0, 1) == 1;
    s.function = dice.activation(), s.gate = dice.activation();
    if (number >= 8) {
        const auto w = dice.unequal(4, s.height, s.width);
        s.size = w.size, s.stride = w.stride, s.dilation = w.dilation, s.around = w.around;
    }
    if (number >= bands) {  // more than 256 KB of inputs and outputs
        s.channels = dice(60, 70), s.height = 40 + number - bands, s.width = dice(85, 90);
        s.size = 3, s.stride = 1 + (number - bands), s.dilation = 1, s.around = padding::centred;
    }
    return s;
}

/// The block of MobileNetV3: depthwise, squeezed and excited, projected. Without an expansion the first kernel reads
/// the input itself.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr int in = s.expands ? 5 : s.channels;
    static constexpr Shape input{in, s.height, s.width};
    using Gate = Sequential<GlobalAveragePool, Conv2d<s.channels, s.squeezed, 1, 1, 1, true>, ReLU,
                            Conv2d<s.squeezed, s.channels, 1>, Activate<s.gate>>;
    using Layers =
        Sequential<If<s.expands, Sequential<Conv2d<in, s.channels, 1>, HardSwish>>,
                   Conv2d<s.channels, s.channels, s.size, s.stride, s.channels, !s.norm, s.around, s.dilation>,
                   If<s.norm, BatchNorm2d<s.channels>>, Activate<s.function>, If<Number % 3 != 0, Gated<Gate>>,
                   Conv2d<s.channels, s.out, 1>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int Number>
void check() {
    check_against_reference(Candidate::of<Network<Number>>(), "depthwise " + std::to_string(Number));
    if constexpr (Number % 4 == 1)
        check_against_reference(Candidate::of<Network<Number>, execution::LayerByLayer>(),
                                "depthwise " + std::to_string(Number));
}

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check<Number>(), ...);
}

}  // namespace

TEST_CASE("depthwise blocks of random shapes agree with Reference") {
    check_all(std::make_integer_sequence<int, bands + 2>{});
}
