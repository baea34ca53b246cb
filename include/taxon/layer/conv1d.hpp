#pragma once
#include <taxon/layer/conv2d.hpp>

namespace taxon {

/// `torch.nn.Conv1d` on a picture of height 1: (In, 1, L) to (Out, 1, …). Weight (Out, In / Groups, k). Of the padding,
/// left and right count: Padding{0, k − 1, 0, 0} is causal. BatchNorm1d is BatchNorm2d here.
template <int In, int Out, int Kernel, int Stride = 1, int Groups = 1, bool Bias = false,
          Padding Around = padding::centred, int Dilation = 1>
struct Conv1d {
    static_assert(In % Groups == 0 && Out % Groups == 0, "taxon::Conv1d: the groups must divide both channel counts");

    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        tracer.expect(shape.channels == In && shape.height == 1 && !shape.sequence, "(Conv1d<", In, ", ", Out, ", ",
                      Kernel, ">) wants ", In, " channels and height 1");
        const WindowAxis x = Around.window({1, Kernel}, {1, Stride}, {1, Dilation}, shape).x;
        tracer.expect(shape.width >= x.least(), "(Conv1d<", In, ", ", Out, ", ", Kernel,
                      ">) wants a length of at least ", x.least());
        Node node{.op = Op::convolution, .window = {{}, x}, .groups = Groups};
        node.parameter = tracer.parameter("weight", Role::trained, Out, In / Groups, Kernel);
        if (Bias) node.bias = tracer.parameter("bias", Role::trained, Out);
        tracer.node(node, {Out, 1, x.outputs(shape.width)});
    }
};

}  // namespace taxon
