#pragma once

namespace taxon {

/// One axis of a moving window: output i reads the pixels i · stride − before + t · dilation, t < size. Pixels up to
/// `before` and `after` the picture are padding.
struct WindowAxis {
    /// taps; 0 for adaptive pooling, whose windows are as many as its outputs
    int size = 1;
    int stride = 1, dilation = 1, before = 0, after = 0;

    /// Pixels from the first tap to the last, both included.
    constexpr int reach() const { return (size - 1) * dilation + 1; }
    /// The fewest pixels that have an output.
    constexpr int least() const { return reach() - before - after; }
    constexpr int outputs(int pixels) const { return (pixels - least()) / stride + 1; }
    /// The same taps, wherever they start.
    constexpr WindowAxis unpadded() const { return {size, stride, dilation, 0, 0}; }
    constexpr bool operator==(const WindowAxis&) const = default;
};

struct Window {
    WindowAxis y{}, x{};

    constexpr int taps() const { return y.size * x.size; }
    constexpr bool adaptive() const { return y.size == 0; }
    /// True of a 1x1 window that neither skips nor adds pixels.
    constexpr bool is_pixel() const { return *this == Window{}; }
    constexpr bool operator==(const Window&) const = default;
};

}  // namespace taxon
