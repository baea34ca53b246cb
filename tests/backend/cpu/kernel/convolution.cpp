#include <taxon/backend/cpu/cpu.hpp>

#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/conv_transpose2d.hpp>
#include <taxon/layer/residual.hpp>

#include "backend/against_reference.hpp"
#include "backend/dice.hpp"

using namespace taxon;

namespace {

constexpr int seed = 1;

struct Spec {
    int in, middle, out, height, width;
    Extent size = 1, stride = 1, dilation = 1;
    Padding around = 0;
    int second_size;
    bool bias, norm, dense_second;
    Activation first, second, last;
};

/// Channels are rarely multiples of 8, pictures rarely square; some are smaller than the window. Half of the windows
/// are square.
constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    constexpr int sizes[] = {1, 1, 3, 3, 3, 5, 7}, sides[] = {1, 3, 5, 7, 13, 15, 22, 24};
    Spec s{};
    s.in = dice(1, 100) <= 40 ? dice(1, 7) : dice(1, 70);
    s.middle = dice(1, 70), s.out = dice(1, 70);
    s.height = dice.one_of(sides), s.width = dice.one_of(sides);
    const int size = dice.one_of(sizes);
    s.second_size = dice.one_of({1, 3, 5});
    s.size = size, s.stride = dice(1, 2);
    const int padding = dice(0, size / 2), least = std::min(s.height, s.width);
    s.around = least + 2 * padding < size ? size / 2 : padding;
    s.bias = dice(0, 1) == 1, s.norm = dice(0, 1) == 1;
    s.first = dice.activation(), s.second = dice.activation(), s.last = dice.activation();
    if (number >= 8) {
        const auto w = dice.unequal(5, s.height, s.width);
        s.size = w.size, s.stride = w.stride, s.dilation = w.dilation, s.around = w.around;
    }
    return s;
}

/// Any convolution, then one whose sum takes up a shortcut, with an activation before or after.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr Shape input{s.in, s.height, s.width};
    using Second = Conv2d<s.middle, s.middle, s.second_size, 1, 1, !s.bias>;
    using Body =
        std::conditional_t<Number % 2 == 0, Sequential<Second, BatchNorm2d<s.middle>, Activate<s.second>>, Second>;
    using Layers = Sequential<Conv2d<s.in, s.middle, s.size, s.stride, 1, s.bias, s.around, s.dilation>,
                              If<s.norm, BatchNorm2d<s.middle>>, Activate<s.first>, Residual<Body>, Activate<s.last>,
                              Conv2d<s.middle, s.out, 1>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int Number>
void check() {
    check_against_reference(Candidate::of<Network<Number>>(), "convolution " + std::to_string(Number));
    if constexpr (Number % 4 == 0)
        check_against_reference(Candidate::of<Network<Number>, execution::LayerByLayer>(),
                                "convolution " + std::to_string(Number));
}

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check<Number>(), ...);
}

/// One shape that no random number promises.
template <int In, int Out, Extent Size, Extent Stride, Padding Around, int Height, int Width, Extent Dilation = 1>
struct Single {
    static constexpr Shape input{In, Height, Width};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<In, Out, Size, Stride, 1, true, Around, Dilation>>::trace(tracer);
    }
};

/// Groups that fill registers, that have to be merged, and that do not divide into eights at all; and the same numbers
/// for a transposed convolution. Both add a shortcut.
struct GroupedSpec {
    int groups, in, out, height, width;
    Dice::Unequal window{};
    Extent more = 0;  ///< output padding
    Activation function, last;
};

constexpr GroupedSpec grouped_spec(int number) {
    Dice dice(seed * 1000 + 500 + number);
    constexpr int groups[] = {2, 3, 4, 4, 6, 16}, channels[] = {1, 2, 3, 4, 8, 8, 9, 16, 24};
    GroupedSpec s{};
    s.groups = dice.one_of(groups), s.in = s.groups * dice.one_of(channels), s.out = s.groups * dice.one_of(channels);
    s.height = dice(1, 12), s.width = dice(1, 20);
    s.window = dice.unequal(4, s.height, s.width);
    const auto& [size, stride, dilation, around] = s.window;
    s.more = {dice(0, std::max(stride.height, dilation.height) - 1),
              dice(0, std::max(stride.width, dilation.width) - 1)};
    s.function = dice.activation(), s.last = dice.activation();
    return s;
}

template <int Number>
struct Grouped {
    static constexpr GroupedSpec s = grouped_spec(Number);
    static constexpr Shape input{s.in, s.height, s.width};
    template <class Layer>
    using With = Residual<Sequential<Layer, Activate<s.function>>, Layer>;
    using Layers = Sequential<Conv2d<s.in, s.in, 3, 1, s.groups>, Activate<s.function>,
                              With<Conv2d<s.in, s.out, s.window.size, s.window.stride, s.groups, Number % 2 == 0,
                                          s.window.around, s.window.dilation>>,
                              Activate<s.last>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int Number>
struct Transposed {
    static constexpr GroupedSpec s = grouped_spec(Number);
    static constexpr int groups = Number % 2 == 0 ? 1 : s.groups;
    static constexpr Shape input{s.in, s.height, s.width};
    using Layer = ConvTranspose2d<s.in, s.out, s.window.size, s.window.stride, groups, Number % 3 == 0, 0, s.more,
                                  s.window.dilation>;
    using Layers = Sequential<Conv2d<s.in, s.in, 3>, Residual<Layer, Layer>, BatchNorm2d<s.out>, Activate<s.last>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Groups of few channels with a shortcut: tiles of all taps of a window's row.
template <int Groups, int In, int Out, Extent Size, int Height, int Width, Extent Stride = 1, Extent Dilation = 1>
struct FewChannels {
    static constexpr Shape input{Groups * In, Height, Width};
    using Layer = Conv2d<Groups * In, Groups * Out, Size, Stride, Groups, true, padding::centred, Dilation>;
    static constexpr void trace(Tracer& tracer) {
        Sequential<Residual<Sequential<Layer, Activate<Activation::relu>>, Layer>>::trace(tracer);
    }
};

template <template <int> class Network, int... Number>
void check_random(const std::string& what, std::integer_sequence<int, Number...>) {
    (check_against_reference(Candidate::of<Network<Number>>(), what + " " + std::to_string(Number)), ...);
}

template <class... Networks>
void check_each() {
    int number = 0;
    (check_against_reference(Candidate::of<Networks>(), "single convolution " + std::to_string(number++)), ...);
}

}  // namespace

TEST_CASE("convolutions of random shapes agree with Reference") { check_all(std::make_integer_sequence<int, 16>{}); }

TEST_CASE("convolutions in groups, of random shapes, agree with Reference") {
    check_random<Grouped>("grouped", std::make_integer_sequence<int, 12>{});
}

TEST_CASE("convolutions in groups of few channels agree with Reference") {
    check_each<FewChannels<4, 8, 8, 3, 13, 41>,    // of half a vector of AVX-512, two at once, in three tiles a line
               FewChannels<3, 8, 8, 3, 9, 7>,      // an odd number of them, and of pixels
               FewChannels<2, 4, 8, 3, 5, 11>,     // as many inputs as a row of a window reads at once
               FewChannels<2, 16, 16, 3, 40, 25>,  // of a whole vector
               FewChannels<4, 8, 8, Extent{3, 5}, 9, 30, Extent{2, 1}>,       // every other line
               FewChannels<2, 24, 8, Extent{2, 3}, 11, 15, 1, Extent{3, 1}>,  // lines apart
               FewChannels<2, 512, 8, 3, 4, 9>,                               // deep
               FewChannels<2, 512, 16, 3, 4, 9>,                              // deeper than a block of weights
               FewChannels<8, 4, 4, 3, 17, 33>,                               // two groups in one
               FewChannels<6, 4, 4, Extent{1, 7}, 6, 22>>();                  // and an odd number of pairs
}

TEST_CASE("transposed convolutions of random shapes agree with Reference") {
    check_random<Transposed>("transposed", std::make_integer_sequence<int, 12>{});
}

TEST_CASE("convolutions of awkward shapes agree with Reference") {
    check_each<Single<9, 13, 3, 1, 1, 1, 1>,     // a window larger than its picture
               Single<8, 8, 5, 2, 2, 1, 1>,      //
               Single<11, 24, 3, 1, 1, 3, 5>,    // an input with padded channels, read in runs
               Single<5, 70, 7, 2, 3, 15, 13>,   // a first layer with a number of channels of its own
               Single<3, 65, 3, 2, 0, 13, 22>,   // no padding
               Single<70, 1, 3, 1, 0, 3, 3>,     // one number comes out
               Single<1024, 8, 1, 1, 0, 3, 5>,   // pixels a whole number of pages apart
               Single<16, 17, 3, 1, 1, 7, 9>,    // the least that Winograd's transform takes
               Single<70, 33, 3, 1, 1, 13, 22>,  // the same with tiles beyond the edges
               Single<1, 1, 1, 2, 0, 5, 3>,      // one channel, every other pixel
               Single<160, 64, Extent{1, 7}, 1, Padding{0, 3}, 2, 9>,  // weights in blocks of taps
               Single<130, 64, Extent{9, 1}, 1, Padding{4, 0}, 5, 3>,  // and of three rows each
               Single<12, 9, 3, 1, padding::centred, 6, 17, 5>,        // holes as wide as the picture is high
               Single<9, 8, 2, 2, padding::same, 5, 7>>();             // padding after the picture only
}
