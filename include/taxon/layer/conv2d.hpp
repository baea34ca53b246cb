#pragma once
#include <taxon/graph/tracer.hpp>
#include <taxon/layer/padding.hpp>

namespace taxon {

/// `torch.nn.Conv2d`: (In, H, W) to (Out, (H + top + bottom − reach) / Stride + 1, …), the reach being (Kernel − 1) ·
/// Dilation + 1. Weight (Out, In / Groups, kH, kW). Kernel, stride and dilation are a number or an Extent; the default
/// padding is (reach − 1) / 2 on every side.
template <int In, int Out, Extent Kernel, Extent Stride = 1, int Groups = 1, bool Bias = false,
          Padding Around = padding::centred, Extent Dilation = 1>
struct Conv2d {
    static_assert(In % Groups == 0 && Out % Groups == 0, "taxon::Conv2d: the groups must divide both channel counts");

    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        tracer.expect(shape.channels == In && !shape.sequence, "(Conv2d<", In, ", ", Out, ", ", Kernel, ">) wants ", In,
                      " channels");
        const Window window = Around.window(Kernel, Stride, Dilation, shape);
        tracer.expect(shape.height >= window.y.least() && shape.width >= window.x.least(), "(Conv2d<", In, ", ", Out,
                      ", ", Kernel, ">) wants a picture of at least ", window.y.least(), " x ", window.x.least(),
                      " pixels");
        Node node{.op = Op::convolution, .window = window, .groups = Groups};
        node.parameter = tracer.parameter("weight", Role::trained, Out, In / Groups, Kernel.height, Kernel.width);
        if (Bias) node.bias = tracer.parameter("bias", Role::trained, Out);
        tracer.node(node, {Out, window.y.outputs(shape.height), window.x.outputs(shape.width)});
    }
};

}  // namespace taxon
