#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

namespace detail {

/// Pooling with a window: (C, H, W) to (C, (H + 2·padding − kernel) / stride + 1, …), as in PyTorch. With ceil_mode a
/// window may reach beyond the right padding, but one that would start there is dropped.
struct PoolWindow {
    int kernel, stride, padding;
    bool ceil_mode;

    constexpr int reach(int pixels) const { return pixels + 2 * padding - kernel + (ceil_mode ? stride - 1 : 0); }
    constexpr int outputs(int pixels) const {
        const int count = reach(pixels) / stride + 1;
        return ceil_mode && (count - 1) * stride >= pixels + padding ? count - 1 : count;
    }
    constexpr void trace(Tracer& tracer, std::string_view layer, Pooling pooling) const {
        const Shape shape = tracer.shape();
        tracer.expect(!shape.sequence && reach(shape.height) >= 0 && reach(shape.width) >= 0, "(", layer, "<", kernel,
                      ", ", stride, ", ", padding, ">) wants a picture of at least ", -reach(0), " x ", -reach(0),
                      " pixels");
        tracer.node({.op = Op::pool, .pooling = pooling, .kernel = kernel, .stride = stride, .padding = padding},
                    {shape.channels, outputs(shape.height), outputs(shape.width)});
    }
};

}  // namespace detail

/// `torch.nn.MaxPool2d`. Padding is never the maximum.
template <int Kernel, int Stride = Kernel, int Padding = 0, bool CeilMode = false>
struct MaxPool2d {
    static_assert(Padding * 2 <= Kernel, "taxon::MaxPool2d: the padding may be at most half of the window");
    static constexpr void trace(Tracer& tracer) {
        detail::PoolWindow{Kernel, Stride, Padding, CeilMode}.trace(tracer, "MaxPool2d", Pooling::max);
    }
};

/// `torch.nn.AvgPool2d`. Padding zeros count in the mean or not; positions beyond the padding, with CeilMode, never do.
template <int Kernel, int Stride = Kernel, int Padding = 0, bool CeilMode = false, bool CountIncludePad = true>
struct AvgPool2d {
    static_assert(Padding * 2 <= Kernel, "taxon::AvgPool2d: the padding may be at most half of the window");
    static constexpr void trace(Tracer& tracer) {
        detail::PoolWindow{Kernel, Stride, Padding, CeilMode}.trace(
            tracer, "AvgPool2d", CountIncludePad && Padding > 0 ? Pooling::padded_mean : Pooling::mean);
    }
};

/// `torch.nn.AdaptiveAvgPool2d`: (C, H, W) to (C, Height, Width). Output i is the mean of the pixels from ⌊i·H /
/// Height⌋ up to ⌈(i + 1)·H / Height⌉, so windows may overlap.
template <int Height, int Width = Height>
struct AdaptiveAvgPool2d {
    static constexpr void trace(Tracer& tracer) {
        tracer.expect(!tracer.shape().sequence, "(AdaptiveAvgPool2d<", Height, ", ", Width, ">) wants a picture");
        tracer.node({.op = Op::pool, .pooling = Pooling::mean, .kernel = 0}, {tracer.shape().channels, Height, Width});
    }
};

/// `torch.nn.AdaptiveMaxPool2d`: the maximum of the same pixels.
template <int Height, int Width = Height>
struct AdaptiveMaxPool2d {
    static constexpr void trace(Tracer& tracer) {
        tracer.expect(!tracer.shape().sequence, "(AdaptiveMaxPool2d<", Height, ", ", Width, ">) wants a picture");
        tracer.node({.op = Op::pool, .pooling = Pooling::max, .kernel = 0}, {tracer.shape().channels, Height, Width});
    }
};

/// Mean over all pixels: (C, H, W) to (C).
using GlobalAveragePool = AdaptiveAvgPool2d<1>;

}  // namespace taxon
