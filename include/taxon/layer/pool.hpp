#pragma once
#include <taxon/graph/pool_range.hpp>
#include <taxon/graph/tracer.hpp>
#include <taxon/layer/padding.hpp>

namespace taxon {

namespace detail {

/// Pooling with a window: (C, H, W) to (C, (H + top + bottom − reach) / stride + 1, …), as in PyTorch. With ceil_mode a
/// window may reach beyond the padding after the picture, but one that would start there is dropped.
struct PoolWindow {
    Window window;
    bool ceil_mode;

    constexpr int least(const WindowAxis& axis) const { return axis.least() - (ceil_mode ? axis.stride - 1 : 0); }
    constexpr int outputs(const WindowAxis& axis, int pixels) const {
        const int count = (pixels - least(axis)) / axis.stride + 1;
        return ceil_mode && (count - 1) * axis.stride >= pixels + axis.before ? count - 1 : count;
    }
    /// True if no window reads padding alone.
    static constexpr bool sees(const WindowAxis& axis, int pixels, int outputs) {
        for (int i = 0; i < outputs; ++i)
            if (const PoolRange range = pool_range(axis, false, i, pixels, outputs); range.count == 0) return false;
        return true;
    }
    constexpr void trace(Tracer& tracer, std::string_view layer, Extent kernel, Pooling pooling) const {
        const Shape shape = tracer.shape();
        const int wanted_height = least(window.y), wanted_width = least(window.x);
        tracer.expect(!shape.sequence && shape.height >= wanted_height && shape.width >= wanted_width, "(", layer, "<",
                      kernel, ">) wants a picture of at least ", wanted_height, " x ", wanted_width, " pixels");
        const int height = outputs(window.y, shape.height), width = outputs(window.x, shape.width);
        tracer.expect(sees(window.y, shape.height, height) && sees(window.x, shape.width, width), "(", layer, "<",
                      kernel, ">) wants a pixel of the picture in every window");
        tracer.node({.op = Op::pool, .pooling = pooling, .window = window}, {shape.channels, height, width});
    }
};

/// Pooling to a given size.
constexpr void trace_adaptive_pool(Tracer& tracer, std::string_view layer, Extent to, Pooling pooling) {
    tracer.expect(!tracer.shape().sequence, "(", layer, "<", to, ">) wants a picture");
    tracer.node({.op = Op::pool, .pooling = pooling, .window = {{.size = 0}, {.size = 0}}},
                {tracer.shape().channels, to.height, to.width});
}

}  // namespace detail

/// `torch.nn.MaxPool2d`. Padding is never the maximum.
template <Extent Kernel, Extent Stride = Kernel, Padding Around = 0, bool CeilMode = false, Extent Dilation = 1>
struct MaxPool2d {
    static constexpr void trace(Tracer& tracer) {
        detail::PoolWindow{Around.window(Kernel, Stride, Dilation, tracer.shape()), CeilMode}.trace(
            tracer, "MaxPool2d", Kernel, Pooling::max);
    }
};

/// `torch.nn.AvgPool2d`. Padding zeros count in the mean or not; positions beyond the padding, with CeilMode, never do.
template <Extent Kernel, Extent Stride = Kernel, Padding Around = 0, bool CeilMode = false, bool CountIncludePad = true>
struct AvgPool2d {
    static constexpr void trace(Tracer& tracer) {
        const Window window = Around.window(Kernel, Stride, 1, tracer.shape());
        const bool pads = window.y.before + window.y.after + window.x.before + window.x.after > 0;
        detail::PoolWindow{window, CeilMode}.trace(tracer, "AvgPool2d", Kernel,
                                                   CountIncludePad && pads ? Pooling::padded_mean : Pooling::mean);
    }
};

/// `torch.nn.AdaptiveAvgPool2d`, `torch.nn.AdaptiveMaxPool2d`: (C, H, W) to (C, Height, Width). Output i is the mean,
/// or the maximum, of the pixels from ⌊i · H / Height⌋ up to ⌈(i + 1) · H / Height⌉, so windows may overlap.
template <int Height, int Width = Height>
struct AdaptiveAvgPool2d {
    static constexpr void trace(Tracer& tracer) {
        detail::trace_adaptive_pool(tracer, "AdaptiveAvgPool2d", {Height, Width}, Pooling::mean);
    }
};
template <int Height, int Width = Height>
struct AdaptiveMaxPool2d {
    static constexpr void trace(Tracer& tracer) {
        detail::trace_adaptive_pool(tracer, "AdaptiveMaxPool2d", {Height, Width}, Pooling::max);
    }
};

/// The same in one dimension, on pictures of height 1.
template <int Kernel, int Stride = Kernel, int Around = 0, bool CeilMode = false, int Dilation = 1>
using MaxPool1d = MaxPool2d<Extent{1, Kernel}, Extent{1, Stride}, Padding{0, Around}, CeilMode, Extent{1, Dilation}>;
template <int Kernel, int Stride = Kernel, int Around = 0, bool CeilMode = false, bool CountIncludePad = true>
using AvgPool1d = AvgPool2d<Extent{1, Kernel}, Extent{1, Stride}, Padding{0, Around}, CeilMode, CountIncludePad>;
template <int Length>
using AdaptiveAvgPool1d = AdaptiveAvgPool2d<1, Length>;
template <int Length>
using AdaptiveMaxPool1d = AdaptiveMaxPool2d<1, Length>;

/// Mean over all pixels: (C, H, W) to (C).
using GlobalAveragePool = AdaptiveAvgPool2d<1>;

}  // namespace taxon
