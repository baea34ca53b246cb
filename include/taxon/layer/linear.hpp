#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// `torch.nn.Linear` on a vector of features, on every token of a sequence, or on the channels of every pixel, which
/// PyTorch permutes to be last: a 1x1 convolution, and treated as one from here on. Weight (Out, In).
template <int In, int Out, bool Bias = true>
struct Linear {
    static constexpr void trace(Tracer& tracer) {
        Shape shape = tracer.shape();
        tracer.expect(shape.channels == In && !shape.table, "(Linear<", In, ", ", Out, ">) wants ", In,
                      " features, of a vector, of tokens or of pixels");
        Node node{.op = Op::convolution};
        node.parameter = tracer.parameter("weight", Role::trained, Out, In);
        if (Bias) node.bias = tracer.parameter("bias", Role::trained, Out);
        shape.channels = Out;
        tracer.node(node, shape);
    }
};

/// Several linear layers, `Names`, of the same value as one product: each produces Out features, concatenated.
template <int In, int Out, FixedString... Names>
struct LinearSideBySide {
    static constexpr void trace(Tracer& tracer) {
        constexpr int count = sizeof...(Names);
        Shape shape = tracer.shape();
        tracer.expect(shape.channels == In && !shape.table, "(LinearSideBySide<", In, ", ", Out, ">) wants ", In,
                      " features, of a vector, of tokens or of pixels");
        Node node{.op = Op::convolution, .parts = count, .parameter = none, .bias = none};
        const auto add = [&](std::string_view name) {
            Text<64> weight, bias;
            const int first = tracer.parameter((weight << name << ".weight").view(), Role::trained, Out, In);
            tracer.parameter((bias << name << ".bias").view(), Role::trained, Out);
            if (node.parameter == none) node.parameter = first, node.bias = first + 1;
        };
        (add(Names.view()), ...);
        shape.channels = count * Out;
        tracer.node(node, shape);
    }
};

}  // namespace taxon
