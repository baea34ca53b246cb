#pragma once
#include <taxon/graph/tracer.hpp>
#include <taxon/layer/padding.hpp>

namespace taxon {

namespace detail {

/// What transposed convolutions of one and two dimensions have in common. `more`: output padding.
constexpr void trace_conv_transpose(Tracer& tracer, std::string_view layer, Node node, int in, int out, Extent more) {
    const Shape shape = tracer.shape();
    const auto& [y, x] = node.window;
    tracer.expect(shape.channels == in && !shape.sequence, "(", layer, "<", in, ", ", out, ">) wants ", in,
                  " channels");
    const int height = (shape.height - 1) * y.stride + y.least() + more.height,
              width = (shape.width - 1) * x.stride + x.least() + more.width;
    tracer.expect(height > 0 && width > 0, "(", layer, "<", in, ", ", out,
                  ">) wants a picture that is larger than its padding");
    tracer.node(node, {out, height, width});
}

}  // namespace detail

/// `torch.nn.ConvTranspose2d`: (In, H, W) to (Out, (H − 1) · Stride + reach − top − bottom + OutputPadding, …), the
/// reach being (Kernel − 1) · Dilation + 1. Weight (In, Out / Groups, kH, kW).
template <int In, int Out, Extent Kernel, Extent Stride = 1, int Groups = 1, bool Bias = false, Padding Around = 0,
          Extent OutputPadding = 0, Extent Dilation = 1>
struct ConvTranspose2d {
    static_assert(In % Groups == 0 && Out % Groups == 0,
                  "taxon::ConvTranspose2d: the groups must divide both channel counts");
    static_assert(Around.is_fixed(), "taxon::ConvTranspose2d: give the padding in pixels");

    static constexpr void trace(Tracer& tracer) {
        const Window window = Around.window(Kernel, Stride, Dilation, tracer.shape());
        Node node{.op = Op::convolution, .window = window, .groups = Groups, .transposed = true};
        node.parameter = tracer.parameter("weight", Role::trained, In, Out / Groups, Kernel.height, Kernel.width);
        if (Bias) node.bias = tracer.parameter("bias", Role::trained, Out);
        detail::trace_conv_transpose(tracer, "ConvTranspose2d", node, In, Out, OutputPadding);
    }
};

}  // namespace taxon
