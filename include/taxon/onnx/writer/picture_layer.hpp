#pragma once
#include <cmath>
#include <taxon/graph/names.hpp>
#include <taxon/layer/interpolate.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/onnx/writer/layer_context.hpp>

namespace taxon::onnx::writer {

/// MaxPool2d, AvgPool2d and the adaptive pools.
inline Spelling spelled_pool(const LayerContext& context) {
    const Node& node = context.node();
    const Shape in = context.in(), out = context.layer.out;
    const WindowAxis &y = node.window.y, &x = node.window.x;
    if (!context.of_picture() || !context.has({}) || out.channels != in.channels ||
        !context.makes({.op = Op::pool, .pooling = node.pooling, .window = node.window}, out))
        return {};
    const bool is_maximum = node.pooling == Pooling::max;
    if (node.window.adaptive()) {
        if (node.window != taxon::Window{{.size = 0}, {.size = 0}} || node.pooling == Pooling::padded_mean) return {};
        if (!is_maximum && out.pixels() == 1) return context.applied("GlobalAveragePool");
        return context.applied(of_template(
            is_maximum ? "AdaptiveMaxPool2d" : "AdaptiveAvgPool2d",
            {{number(out.height, "Height"), false}, {number(out.width, "Width"), out.width == out.height}}));
    }
    const auto fits = [&](bool ceils) {
        const taxon::detail::PoolWindow window{node.window, ceils};
        return in.height >= window.least(y) && in.width >= window.least(x) &&
               out.height == window.outputs(y, in.height) && out.width == window.outputs(x, in.width);
    };
    const bool ceils = !fits(false);
    if (ceils && !fits(true)) return {};
    if (!taxon::detail::PoolWindow::sees(y, in.height, out.height) ||
        !taxon::detail::PoolWindow::sees(x, in.width, out.width))
        return {};
    const bool pads = y.before + y.after + x.before + x.after > 0,
               counts = pads ? node.pooling == Pooling::padded_mean : true;
    if (!is_maximum && ((y.dilation | x.dilation) != 1 || (!pads && node.pooling == Pooling::padded_mean))) return {};
    const Extent kernel{y.size, x.size}, stride{y.stride, x.stride}, dilation{y.dilation, x.dilation};
    std::vector<std::pair<Expression, bool>> arguments{{extent(kernel, "Kernel"), false},
                                                       {extent(stride, "Stride"), stride == kernel},
                                                       {padding(node.window), !pads},
                                                       {text_of(ceils), !ceils}};
    arguments.push_back(is_maximum ? std::pair(extent(dilation, "Dilation"), dilation == Extent(1))
                                   : std::pair(Expression(text_of(counts)), counts));
    return context.applied(of_template(is_maximum ? "MaxPool2d" : "AvgPool2d", std::move(arguments)));
}

/// Interpolate, or with a factor InterpolateBy.
inline Spelling spelled_resizing(const LayerContext& context) {
    const Shape in = context.in(), out = context.layer.out;
    const Resizing& how = context.node().resizing;
    if (!context.of_picture() || !context.has({}) || out.channels != in.channels || out.height < 1 || out.width < 1 ||
        !context.makes({.op = Op::resize, .resizing = how}, {out.channels, out.height, out.width}) ||
        (how.aligns_corners && how.interpolation != Interpolation::bilinear))
        return {};
    const Expression mode = Expression("Interpolation::") << name_of(how.interpolation);
    const std::pair<Expression, bool> corners{text_of(how.aligns_corners), !how.aligns_corners};
    if (how.step(in.height, out.height) == how.y_step && how.step(in.width, out.width) == how.x_step)
        return context.applied(of_template("Interpolate", {{mode, false},
                                                           {number(out.height, "Height"), false},
                                                           {number(out.width, "Width"), out.width == out.height},
                                                           corners}));
    // the factor is one over the step, or a float that rounds to it
    const auto factor_of = [&](int pixels, int outputs, Real step) -> std::optional<double> {
        const double inverse = 1 / static_cast<double>(step);
        for (const double factor : {std::round(inverse), static_cast<double>(static_cast<float>(inverse)), inverse})
            if (factor > 0 && how.step(pixels, outputs, factor) == step && static_cast<int>(pixels * factor) == outputs)
                return factor;
        return {};
    };
    const auto y = factor_of(in.height, out.height, how.y_step), x = factor_of(in.width, out.width, how.x_step);
    if (!y || !x) return {};
    return context.applied(of_template(
        "InterpolateBy", {{mode, false}, {text_of(Real(*y)), false}, {text_of(Real(*x)), *x == *y}, corners}));
}

/// ChannelShuffle, PixelShuffle and PixelUnshuffle.
inline Spelling spelled_shuffle(const LayerContext& context) {
    const Node& node = context.node();
    const Shape in = context.in();
    const int factor = node.stride, square = factor * factor;
    if (!context.of_picture() || !context.has({})) return {};
    const auto spelled = [&](const char* kind, int by, const Node& expected, const Shape& out) -> Spelling {
        if (!context.makes(expected, out)) return {};
        return context.applied(of_template(kind, {{number(by, "Factor"), false}}));
    };
    switch (node.shuffle) {
        case Shuffle::channels:
            if (node.groups < 1 || in.channels % node.groups != 0) return {};
            return spelled("ChannelShuffle", node.groups,
                           {.op = Op::shuffle, .shuffle = Shuffle::channels, .groups = node.groups}, in);
        case Shuffle::to_pixels:
            if (factor < 1 || in.channels % square != 0) return {};
            return spelled("PixelShuffle", factor, {.op = Op::shuffle, .shuffle = Shuffle::to_pixels, .stride = factor},
                           {in.channels / square, in.height * factor, in.width * factor});
        case Shuffle::to_channels:
            if (factor < 1 || in.height % factor != 0 || in.width % factor != 0) return {};
            return spelled("PixelUnshuffle", factor,
                           {.op = Op::shuffle, .shuffle = Shuffle::to_channels, .stride = factor},
                           {in.channels * square, in.height / factor, in.width / factor});
    }
    return {};
}

}  // namespace taxon::onnx::writer
