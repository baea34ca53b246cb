#pragma once
#include <taxon/layer/sequential.hpp>

namespace taxon {

/// x + Body(x), or Shortcut(x) + Body(x) where the shape changes. Both are unnamed unless `Named`.
template <Layer Body, Layer Shortcut = Absent>
struct Residual {
    static constexpr void trace(Tracer& tracer) {
        const auto x = tracer.current;
        detail::trace_only_child<Shortcut>(tracer);
        const auto shortcut = tracer.current;
        tracer.current = x;
        detail::trace_only_child<Body>(tracer);
        tracer.expect(tracer.shape() == shortcut.shape, "(Residual) wants its body to make the shortcut's shape ",
                      shortcut.shape);
        tracer.node({.op = Op::add}, tracer.shape(), {tracer.current, shortcut});
    }
};

/// x · Gate(x), the gate being one number per channel: squeeze-and-excitation (Hu et al. 2018, section 3).
template <Layer Gate>
struct Gated {
    static constexpr void trace(Tracer& tracer) {
        const auto x = tracer.current;
        detail::trace_only_child<Gate>(tracer);
        const auto gate = tracer.current;
        tracer.expect(gate.shape == Shape{x.shape.channels}, "(Gated) wants a gate of ", x.shape.channels, " numbers");
        tracer.node({.op = Op::multiply}, x.shape, {x, gate});
    }
};

}  // namespace taxon
