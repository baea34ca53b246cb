#include <taxon/backend/cpu/cpu.hpp>

#include <taxon/layer/conv_transpose2d.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"
#include "networks.hpp"
#include "onnx/exporter/quantization.hpp"

using namespace taxon;

namespace {

constexpr int seed = 6;

struct Spec {
    int first, wide, middle, left, right, last, height, width;
    int window, size, stride, second_size;
    bool bias, before;
    Activation a, b, c;
};

/// Channels in whole registers, in halves and quarters of them, and in none; maps that no tile fits.
constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    constexpr int channels[] = {8, 9, 16, 24, 25, 40, 88, 100}, sides[] = {13, 15, 22, 24, 31};
    Spec s{};
    s.first = dice.one_of(channels), s.wide = dice.one_of(channels), s.middle = dice.one_of(channels);
    s.left = dice.one_of(channels), s.right = dice.one_of(channels), s.last = dice(1, 70);
    s.height = dice.one_of(sides), s.width = dice.one_of(sides);
    s.window = dice.one_of({3, 5}), s.size = dice.one_of({1, 3, 5}), s.stride = dice(1, 2),
    s.second_size = dice.one_of({1, 3});
    s.bias = dice(0, 1) == 1, s.before = dice(0, 1) == 1;
    s.a = dice.activation(), s.b = dice.activation(), s.c = dice.activation();
    return s;
}

/// An inverted bottleneck whose shortcut is stored as its convolutions read it, a pool and windows over such values,
/// branches with numbers of channels that have to be copied, and a vector at last.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr Shape input{3, s.height, s.width};
    using Gate = Gated<Sequential<GlobalAveragePool, Linear<s.wide, 11>, ReLU, Linear<11, s.wide>, HardSigmoid>>;
    using Bottleneck = Sequential<Conv2d<s.first, s.wide, 1>, BatchNorm2d<s.wide>, Activate<s.a>,
                                  Conv2d<s.wide, s.wide, s.window, 1, s.wide>, BatchNorm2d<s.wide>, Activate<s.b>, Gate,
                                  Conv2d<s.wide, s.first, 1>, If<s.before, Activate<s.c>>>;
    using Layers =
        Sequential<Conv2d<3, s.first, 3, 2>, Activate<s.b>, Residual<Bottleneck>, If<!s.before, Activate<s.c>>,
                   Residual<Conv2d<s.first, s.first, s.second_size, 1, 1, s.bias>>, MaxPool2d<3, 2, 1>,
                   Conv2d<s.first, s.middle, s.size, s.stride, 1, s.bias>, Activate<s.a>,
                   Concat<Conv2d<s.middle, s.left, 3>,
                          Sequential<AvgPool2d<3, 1, 1>, Conv2d<s.middle, s.right, 1>, Activate<s.b>>, Identity>,
                   Conv2d<s.left + s.right + s.middle, s.last, 3>, GlobalAveragePool, Linear<s.last, 7>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <class A, class... Precisions>
void check(const std::string& what) {
    (check_steps(Candidate::of<A, execution::Fused, Precisions>(), what), ...);
}

template <class... Precisions, int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check<Network<Number>, Precisions...>("precision " + std::to_string(Number)), ...);
}

/// As many multiplications as a panel of weights is cut for, and three panels of outputs.
struct Deep {
    static constexpr Shape input{8, 8, 7};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<8, 520, 1>, ReLU6, Conv2d<520, 136, 3, 1, 1, true>, Conv2d<136, 72, 1, 2>>::trace(tracer);
    }
};

/// Tokens times matrices: deep ones, which matrix tiles cut into chunks, some that end within 64 bytes, and fewer
/// outputs than tokens.
struct Tokens {
    static constexpr Shape input = Shape::tokens(20, 150);
    static constexpr void trace(Tracer& tracer) {
        Sequential<Linear<20, 600>, GELU, Residual<Linear<600, 600>>, Linear<600, 90>, ReLU, Linear<90, 384>, ReLU,
                   Linear<384, 768>, ReLU, Linear<768, 10>>::trace(tracer);
    }
};

/// Windows of every kind over values that convolutions multiply: in groups, some of which are merged, dilated, unequal
/// and transposed, each with padding of its own.
template <int Number>
struct Windows {
    static constexpr Spec s = spec(100 + Number);
    static constexpr Shape input{3, s.height, s.width};
    static constexpr int groups = Number % 2 == 0 ? 4 : 3, channels = groups * (Number % 2 == 0 ? 6 : 8);
    using Layers =
        Sequential<Conv2d<3, channels, Extent{3, 2}, 2, 1, false, padding::same>, Activate<s.a>,
                   Residual<Sequential<Conv2d<channels, channels, 3, 1, groups, s.bias>, Activate<s.b>>>,
                   Conv2d<channels, 2 * channels, Extent{1, 5}, Extent{1, 2}, groups, true, Padding{0, 0, 1, 3}, 2>,
                   BatchNorm2d<2 * channels>, Activate<s.c>, Conv2d<2 * channels, channels, 3, 1, 1, false, 3, 3>,
                   Activate<s.a>, MaxPool2d<Extent{1, 2}, 1, padding::same>,
                   ConvTranspose2d<channels, channels, 4, Extent{2, 3}, 1, true, 1>, Activate<s.b>,
                   ConvTranspose2d<channels, s.last, 3, 1, 1>, Activate<s.c>, Conv2d<s.last, 5, 1>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Groups of eight channels, of which AVX-512 computes two at once, and of four.
template <int Channels>
struct FewChannels {
    static constexpr Shape input{3, 6, 21};
    using Grouped = Conv2d<32, 32, 3, 1, 32 / Channels, true>;
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<3, 32, 3>, ReLU, Residual<Sequential<Grouped, ReLU, Grouped>>, ReLU, Conv2d<32, 5, 1>>::trace(
            tracer);
    }
};

}  // namespace

TEST_CASE("windows of every kind are what the formulas say in every kind of number") {
    check<Windows<0>, precision::QInt8MixedFloat32, precision::BFloat16, precision::Float16>("windows 0");
    check<Windows<1>, precision::QInt16MixedFloat16, precision::QInt8MixedFloat16, precision::BFloat16>("windows 1");
    check<FewChannels<8>, precision::QInt8MixedFloat32, precision::QInt16MixedFloat32, precision::BFloat16,
          precision::Float16>("groups of eight");
    check<FewChannels<4>, precision::QInt16MixedFloat32, precision::Float16>("groups of four");
}

TEST_CASE("tokens times matrices are what the formulas say, however many there are") {
    for (const int tokens : {1, 16, 17, 47, 150}) {
        check_steps(Candidate::of<Tokens, execution::Fused, precision::BFloat16>(), "tokens", tokens);
        check_steps(Candidate::of<Tokens, execution::Fused, precision::QInt8MixedFloat32>(), "tokens", tokens);
    }
}

TEST_CASE("steps of random networks are what the formulas say, with values of integers") {
    check_all<precision::QInt8MixedFloat16, precision::QInt16MixedFloat32>(std::make_integer_sequence<int, 3>{});
}

TEST_CASE("steps of random networks are what the formulas say, with smaller floats") {
    check_all<precision::BFloat16>(std::make_integer_sequence<int, 3>{});
    check_all<precision::Float16>(std::make_integer_sequence<int, 1>{});
    check<networks::Shortcuts, precision::Float16>("shortcuts");  // with Winograd's convolutions
}

TEST_CASE("deep sums are what the formulas say in every kind of number") {
    check<Deep, precision::Float16, precision::BFloat16, precision::QInt8MixedFloat16, precision::QInt16MixedFloat16>(
        "deep");
}

TEST_CASE("onnx: files of networks of integers answer as these do") {
    using Integers = precision::QInt8MixedFloat16;
    check_file(Candidate::of<Windows<0>, execution::Fused, precision::QInt8MixedFloat32>(), "windows 0");
    check_file(Candidate::of<Windows<1>, execution::Fused, Integers>(), "windows 1");
    check_file(Candidate::of<Tokens, execution::Fused, precision::QInt8MixedFloat32>(), "tokens");
    check_file(Candidate::of<Network<0>, execution::Fused, Integers>(), "precision 0");
    check_file(Candidate::of<Network<1>, execution::Fused, Integers>(), "precision 1");
    check_file(Candidate::of<Network<2>, execution::Fused, Integers>(), "precision 2");
}
