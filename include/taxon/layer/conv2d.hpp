#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

inline constexpr int same_padding = -1;

/// `torch.nn.Conv2d`: (In, H, W) to (Out, (H + 2·Padding − Kernel) / Stride + 1, …). Weight (Out, In / Groups, Kernel,
/// Kernel). The default padding is (Kernel − 1) / 2.
template <int In, int Out, int Kernel, int Stride = 1, int Groups = 1, bool Bias = false, int Padding = same_padding>
struct Conv2d {
    static_assert(In % Groups == 0 && Out % Groups == 0, "taxon::Conv2d: the groups must divide both channel counts");
    static constexpr int padding = Padding == same_padding ? (Kernel - 1) / 2 : Padding;

    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        tracer.expect(shape.channels == In && !shape.sequence, "(Conv2d<", In, ", ", Out, ", ", Kernel, ">) wants ", In,
                      " channels");
        tracer.expect(shape.height + 2 * padding >= Kernel && shape.width + 2 * padding >= Kernel, "(Conv2d<", In, ", ",
                      Out, ", ", Kernel, ">) wants a picture of at least ", Kernel - 2 * padding, " x ",
                      Kernel - 2 * padding, " pixels");
        Node node{.op = Op::convolution, .kernel = Kernel, .stride = Stride, .padding = padding, .groups = Groups};
        node.parameter = tracer.parameter("weight", Role::trained, Out, In / Groups, Kernel, Kernel);
        if (Bias) node.bias = tracer.parameter("bias", Role::trained, Out);
        constexpr auto shrunk = [](int pixels) { return (pixels + 2 * padding - Kernel) / Stride + 1; };
        tracer.node(node, {Out, shrunk(shape.height), shrunk(shape.width)});
    }
};

}  // namespace taxon
