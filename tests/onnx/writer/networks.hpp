#pragma once
#include <array>
#include <limits>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/attention.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/conv1d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/conv_transpose1d.hpp>
#include <taxon/layer/dense.hpp>
#include <taxon/layer/first_token.hpp>
#include <taxon/layer/group_norm.hpp>
#include <taxon/layer/interpolate.hpp>
#include <taxon/layer/l2_normalize.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/learned.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/mean_tokens.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/prelu.hpp>
#include <taxon/layer/shuffle.hpp>
#include <taxon/layer/slice.hpp>
#include <taxon/layer/softmax.hpp>
#include <taxon/layer/upsample.hpp>

/// Networks whose headers are written, and compiled again: tests/onnx/writer/written.
namespace taxon::test {

/// Every layer of pictures, and of tokens, and those that no function says.
struct PictureLayers {
    static constexpr std::array inputs{Port{"picture", {8, 16, 16}}, Port{"te\"x\\t", Shape::tokens(12, 9)},
                                       Port{"unused", {3}}};
    static constexpr void trace(Tracer& t) {
        Value x = t.input("picture");
        x = apply<Conv2d<8, 16, 3, 2, 1, true>>(t, "stem.conv", x);
        x = apply<BatchNorm2d<16>>(t, "stem.bn", x);
        x = apply<BatchNorm2d<16, 1000>>(t, "stem.bn2", x);
        x = apply<Conv2d<16, 16, Extent{1, 3}, Extent{1, 1}, 16, false, Padding{0, 2, 0, 1}>>(t, "depthwise", x);
        x = apply<Conv2d<16, 16, 3, 1, 2, true, Padding{2, 3}, 2>>(t, "dilated", x);
        x = apply<GroupNorm<4, 16>>(t, "groups", x);
        x = apply<GroupNorm<16, 16, false, 1000>>(t, "instances", x);
        Value y = apply<ConvTranspose2d<16, 8, 3, 2, 1, true, 1, 1>>(t, "up.conv", x);
        y = apply<ConvTranspose2d<8, 8, 2, 2, 8>>(t, "up.depthwise", y);
        y = apply<MaxPool2d<3, 2, 1>>(t, "up.max", y);
        y = apply<MaxPool2d<2, 2, 0, true>>(t, "up.ceil", y);
        y = apply<AvgPool2d<3, 1, 1>>(t, "up.mean", y);
        y = apply<AvgPool2d<3, 1, 1, false, false>>(t, "up.unpadded", y);
        y = apply<AdaptiveAvgPool2d<6, 4>>(t, "up.adaptive", y);
        y = apply<AdaptiveMaxPool2d<3>>(t, "up.adaptive_max", y);
        y = apply<Interpolate<Interpolation::nearest, 6, 12>>(t, "up.size", y);
        y = apply<Interpolate<Interpolation::bilinear, 7, 7, true>>(t, "up.corners", y);
        y = apply<InterpolateBy<Interpolation::bilinear, 2.3, 1.7>>(t, "up.factor", y);
        y = apply<Upsample<2>>(t, "up.upsample", y);
        y = apply<ChannelShuffle<2>>(t, "up.shuffle", y);
        y = apply<PixelShuffle<2>>(t, "up.to_pixels", y);
        y = apply<PixelUnshuffle<4>>(t, "up.to_channels", y);
        y = apply<PReLU<32>>(t, "up.slopes", y);
        y = apply<PReLU<>>(t, "up.slope", y);
        y = apply<Slice<8, 16>>(t, "up.slice", y);
        y = apply<LeakyReLU<>>(t, "leaky", y), y = apply<LeakyReLU<0.2>>(t, "leakier", y);
        y = apply<ELU<>>(t, "elu", y), y = apply<Softplus<1, 30>>(t, "softplus", y);
        y = apply<HardTanh<0, std::numeric_limits<double>::infinity()>>(t, "clip", y);
        y = apply<Times<0.125>>(t, "times", y), y = apply<GELU>(t, "gelu", y);
        y = apply<Activate<Activation(Activation::relu, 3)>>(t, "odd", y);
        y = apply<Softmax>(t, "softmax", y), y = apply<L2Normalize>(t, "normalize", y);
        y = apply<LayerNorm<16, 1'000'000>>(t, "norm", y);
        y = apply<GlobalAveragePool>(t, "pool", y);
        y = apply<Linear<16, 16, false>>(t, "gate", y);
        x = multiply(t, "gated", x, y);
        Value embeddings = apply<PositionEmbeddings<16, 8, 9>>(t, "position_embeddings");
        t.output("embeddings", embeddings);
        t.output("picture", x);
        t.output("again", x);

        // of one picture, in the order of its channels
        Value left = apply<Slice<0, 8>>(t, "left", x);
        Value right = apply<Slice<8, 8>>(t, "right", x);
        x = concat(t, "concat", {right, left, right});
        Value token = apply<LearnedToken<24>>(t, "token");
        x = operation(t, "prepend", {.op = Op::prepend}, {24, 1, x.shape.pixels() + 1}, {x, token});
        x = apply<LinearSideBySide<24, 24, "query", "key", "value">>(t, "attention", x);
        x = apply<SelfAttention<24, 4>>(t, "attention.all", x);
        x = apply<Conv1d<24, 4, 3, 2, 1, true, Padding{0, 1}>>(t, "conv1d", x);
        x = apply<ConvTranspose1d<4, 4, 2>>(t, "transpose1d", x);
        x = operation(t, "rare", {.op = Op::convolution, .window = {.x = {.size = 2, .after = 1}}, .groups = 2},
                      x.shape, {x}, {{"kernel", {4, 2, 2}}, {"statistic", {4}, Role::statistic}});
        t.output("row", x);

        x = t.input("te\"x\\t");
        x = apply<Linear<12, 6>>(t, "tokens.linear", x);
        x = add(t, "tokens.sum", x, x);
        t.output("first", apply<FirstToken>(t, "tokens.first", x));
        t.output("mean", apply<MeanTokens>(t, "tokens.mean", x));
    }
};

/// Every operation on dense values, with and without the arguments that have defaults.
struct DenseOperations {
    static constexpr std::array inputs{Port{"numbers", Shape::rows(24, 1)}, Port{"picture", {8, 2, 3}}};
    static constexpr void trace(Tracer& t) {
        using namespace dense;
        Value x = t.input("numbers");
        Value table = constant(t, "table.weight", 5, 4);
        x = map(t, "add", MapFunction::add, {6, 4}, {x, {constant(t, "add.bias", 4), {0, 1}}});
        x = map(t, "clamp", MapFunction::clamp, {24},
                {x, {constant(t, "clamp.low"), {0}}, {constant(t, "clamp.high"), {0}}});
        x = map(t, "relu", MapFunction::activation, {24}, {x}, Activation::relu);
        x = map(t, "leaky", MapFunction::activation, {4, 6}, {{x, {1, 4}}}, Activation(Activation::leaky_relu, 0.1));
        Value y = move(t, "reversed", {6, 4}, {x, {-4, 1}, 20});
        x = assemble(t, "padded", 40, {{{x, {4, 1}}, {6, 4}, {6, 1}, 1}, {y, {2}, {1}, 38}}, -1.5);
        x = assemble(t, "cut", 24, {{x, {24}, {1}}});
        y = reduce(t, "largest", Reduction::argument_of_maximum, {6, 4}, 1, x, true);
        t.output("places", y);
        y = reduce(t, "mean", Reduction::mean, {4, 6}, 1, {x, {1, 4}});
        t.output("mean", y);
        Value gain = constant(t, "norm.weight", 4), shift = constant(t, "norm.bias", 4);
        x = row(t, "norm", RowFunction::standardise, {6, 4}, {x, gain, shift}, {}, 1e-5);
        x = row(t, "softmax", RowFunction::softmax, {6, 4}, {x}, {1, 6});
        x = row(t, "sums", RowFunction::cumulative_sum, {6, 4}, {x}, {}, 0, true, true);
        Value weights = constant(t, "product.weight", 3, 4);
        y = matrix_product(t, "product", {6, 3, 4}, 1, {x, {4, 0, 1}}, {weights, {0, 4, 1}});
        t.output("product", y);
        y = matrix_product(t, "scaled", {6, 3, 4}, 1, {x, {4, 0, 1}}, {weights, {0, 4, 1}}, {1, 6}, 0.5);
        t.output("scaled", y);
        y = scaled_dot_product(t, "attention", {1, 6, 4, 6, 4},
                               {{x, {0, 4, 0, 0, 1}}, {x, {0, 0, 0, 4, 1}}, {x, {0, 0, 1, 4, 0}}}, 0.5);
        y = scaled_dot_product(t, "masked", {1, 6, 4, 6, 4},
                               {{y, {0, 4, 0, 0, 1}},
                                {x, {0, 0, 0, 4, 1}},
                                {x, {0, 0, 1, 4, 0}},
                                {constant(t, "masked.bias", 6), {0, 0, 0, 1, 0}}},
                               0.5, {24, 1, 6});
        Value ids = sort(t, "order", {6, 4}, y, 2, true, true);
        y = sort(t, "sorted", {24}, y, 24, false, false);
        y = gather(t, "embedding", {12, 4}, {table, {0, 1}}, {ids, {1, 0}}, 5, 4);
        x = scatter(t, "scattered", Scatter::add, {2, 4}, x, {ids, {1, 0}}, {y, {4, 1}}, {0, 1}, 6, 4);
        t.output("scattered", x);
        Value state = constant(t, "lstm.state", 2, 1, 3);
        x = recurrent(t, "lstm", Cell::lstm, 6, 1, 4, 3, x, constant(t, "lstm.weights", 108), state);
        x = move(t, "lstm.outputs", {18}, x);
        // not both in the call: compilers differ in the order of its arguments, and so the graphs
        state = constant(t, "gru.state", 4);
        x = recurrent(t, "gru", Cell::gru, 6, 1, 3, 4, x, constant(t, "gru.weights", 108), state, true);
        t.output("recurrent", x);
        x = flatten(t, "flat", t.input("picture"));
        x = flatten(t, "flat_first", picture(t, "picture", x, {8, 3, 2}), false);
        x = picture(t, "picture_first", x, {8, 2, 3}, false);
        // a result that lies where no function puts it
        LoopNest nest{.rank = 1, .sizes = {48}, .map = MapFunction::negative, .operand_count = 1, .result_count = 48};
        nest.operands[0].by = {1}, nest.out = {.first = 47, .by = {-1}};
        x = flatten(t, "flat_last", x);
        t.output("negative", operation(t, "negative", {.op = Op::map}, numbers(48), {x}, {}, {nest}));
    }
};

/// A network of blocks: those of one size are a loop, others are calls of a template.
struct RepeatedBlocks {
    static constexpr std::array inputs{Port{"images", {16, 32, 32}}};

    template <int In, int Out, int Stride>
    static constexpr Value bottleneck(Tracer& t, Name name, Value x) {
        const Scope inside(t, name);
        Value y = apply<Conv2d<In, 4 * In, 1>>(t, "expand.0", x);
        y = apply<BatchNorm2d<4 * In>>(t, "expand.1", y);
        y = apply<ReLU>(t, "expand.2", y);
        y = apply<Conv2d<4 * In, 4 * In, 3, Stride, 4 * In>>(t, "depthwise.0", y);
        y = apply<BatchNorm2d<4 * In>>(t, "depthwise.1", y);
        y = apply<ReLU>(t, "depthwise.2", y);
        y = apply<Conv2d<4 * In, Out, 1>>(t, "project", y);
        if constexpr (In == Out) return add(t, "sum", y, x);
        return y;
    }
    static constexpr void trace(Tracer& t) {
        Value x = t.input("images");
        x = bottleneck<16, 24, 2>(t, "stages.0.down", x);
        for (int i = 0; i < 4; ++i) x = bottleneck<24, 24, 1>(t, {"stages.0.blocks.", i}, x);
        x = bottleneck<24, 40, 2>(t, "stages.1.down", x);
        for (int i = 0; i < 3; ++i) x = bottleneck<40, 40, 1>(t, {"stages.1.blocks.", i}, x);
        // names without a path in common, as files without scopes have: conv_5, relu_6, …
        for (int i = 0; i < 6; ++i) {
            x = apply<Conv2d<40, 40, 3>>(t, {"conv_", 5 + 2 * i}, x);
            x = apply<ReLU>(t, {"relu_", 6 + 4 * i}, x);
            x = apply<Conv2d<40, 40, 3>>(t, {"conv_", 6 + 2 * i}, x);
            x = apply<ReLU>(t, {"relu_", 8 + 4 * i}, x);
        }
        t.output("features", x);
    }
};

/// Branches of three widths, each of four blocks: a block within a template takes its sizes over.
struct BlocksInBlocks {
    static constexpr std::array inputs{Port{"images", {8, 32, 32}}};

    template <int Width>
    static constexpr Value branch(Tracer& t, Name name, Value x) {
        const Scope inside(t, name);
        for (int i = 0; i < 4; ++i) {
            Value y = apply<Conv2d<Width, Width, 3>>(t, {"", i, ".conv1"}, x);
            y = apply<ReLU>(t, {"", i, ".relu1"}, y);
            y = apply<Conv2d<Width, Width, 3>>(t, {"", i, ".conv2"}, y);
            y = add(t, {"", i, ".sum"}, y, x);
            x = apply<ReLU>(t, {"", i, ".relu2"}, y);
        }
        // enough behind the blocks that the whole branch is found before them
        x = apply<Sigmoid>(t, "tail.1", apply<Conv2d<Width, Width, 1>>(t, "tail.0", x));
        x = apply<Tanh>(t, "tail.3", apply<Conv2d<Width, Width, 1>>(t, "tail.2", x));
        x = apply<GELU>(t, "tail.5", apply<Conv2d<Width, Width, 1>>(t, "tail.4", x));
        x = apply<SiLU>(t, "tail.7", apply<Conv2d<Width, Width, 1>>(t, "tail.6", x));
        x = apply<HardSwish>(t, "tail.9", apply<Conv2d<Width, Width, 1>>(t, "tail.8", x));
        x = apply<ReLU6>(t, "tail.11", apply<Conv2d<Width, Width, 1>>(t, "tail.10", x));
        return x;
    }
    static constexpr void trace(Tracer& t) {
        Value x = branch<8>(t, "branches.0", t.input("images"));
        x = branch<16>(t, "branches.1", apply<Conv2d<8, 16, 3, 2>>(t, "transition.1", x));
        x = branch<32>(t, "branches.2", apply<Conv2d<16, 32, 3, 2>>(t, "transition.2", x));
        t.output("features", x);
    }
};

}  // namespace taxon::test
