#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

namespace detail {

/// Resizes to `height` x `width` pixels, by these factors if they are given.
constexpr void trace_resizing(Tracer& tracer, Resizing how, int height, int width, double y_factor, double x_factor) {
    const Shape shape = tracer.shape();
    tracer.expect(!shape.sequence && !shape.table && height > 0 && width > 0,
                  "(Interpolate) wants a picture of which a pixel is left");
    how.y_step = how.step(shape.height, height, y_factor), how.x_step = how.step(shape.width, width, x_factor);
    tracer.node({.op = Op::resize, .resizing = how}, {shape.channels, height, width});
}

}  // namespace detail

/// `torch.nn.functional.interpolate(size=(Height, Width))`, larger or smaller; `torch.nn.Upsample` likewise.
template <Interpolation Mode, int Height, int Width = Height, bool AlignCorners = false>
struct Interpolate {
    static_assert(!AlignCorners || Mode == Interpolation::bilinear,
                  "taxon::Interpolate: only bilinear interpolation can align corners");
    static constexpr void trace(Tracer& tracer) {
        detail::trace_resizing(tracer, {Mode, AlignCorners}, Height, Width, 0, 0);
    }
};

/// The same with scale factors: to ⌊H · Factor⌋ x ⌊W · WidthFactor⌋ pixels, whose distance is one over the factor
/// unless corners are aligned.
template <Interpolation Mode, Real Factor, Real WidthFactor = Factor, bool AlignCorners = false>
struct InterpolateBy {
    static_assert(!AlignCorners || Mode == Interpolation::bilinear,
                  "taxon::InterpolateBy: only bilinear interpolation can align corners");
    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        detail::trace_resizing(tracer, {Mode, AlignCorners}, static_cast<int>(shape.height * Factor),
                               static_cast<int>(shape.width * WidthFactor), Factor, WidthFactor);
    }
};

template <Real Factor>
using UpsamplingBilinear2d = InterpolateBy<Interpolation::bilinear, Factor, Factor, true>;

}  // namespace taxon
