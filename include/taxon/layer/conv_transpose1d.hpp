#pragma once
#include <taxon/layer/conv_transpose2d.hpp>

namespace taxon {

/// `torch.nn.ConvTranspose1d` on a picture of height 1. Weight (In, Out / Groups, k).
template <int In, int Out, int Kernel, int Stride = 1, int Groups = 1, bool Bias = false, Padding Around = 0,
          int OutputPadding = 0, int Dilation = 1>
struct ConvTranspose1d {
    static_assert(In % Groups == 0 && Out % Groups == 0,
                  "taxon::ConvTranspose1d: the groups must divide both channel counts");
    static_assert(Around.is_fixed(), "taxon::ConvTranspose1d: give the padding in pixels");

    static constexpr void trace(Tracer& tracer) {
        tracer.expect(tracer.shape().height == 1, "(ConvTranspose1d<", In, ", ", Out, ">) wants a picture of height 1");
        const Window window = Around.window(Extent{1, Kernel}, {1, Stride}, {1, Dilation}, tracer.shape());
        Node node{.op = Op::convolution, .window = {{}, window.x}, .groups = Groups, .transposed = true};
        node.parameter = tracer.parameter("weight", Role::trained, In, Out / Groups, Kernel);
        if (Bias) node.bias = tracer.parameter("bias", Role::trained, Out);
        detail::trace_conv_transpose(tracer, "ConvTranspose1d", node, In, Out, {0, OutputPadding});
    }
};

}  // namespace taxon
