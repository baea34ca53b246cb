#pragma once
#include <cstdint>
#include <string>
#include <taxon/graph/loop_names.hpp>
#include <taxon/onnx/writer/layer_context.hpp>
#include <taxon/onnx/writer/simple_layer.hpp>
#include <vector>

namespace taxon::onnx::writer {

/// Designated initializers of those members that are not at their defaults.
class Members {
  public:
    /// `text` is that of `value`.
    template <class T>
    void add(const char* name, const T& value, const T& usual, const Expression& text) {
        if (value == usual) return;
        (count_++ > 0 ? list_ << ", " : list_) << "." << name << " = " << text;
    }
    void add(const char* name, int value, int usual) { add(name, value, usual, number(value)); }
    void add(const char* name, bool value, bool usual = false) { add(name, value, usual, text_of(value)); }
    void add(const char* name, Real value) { add(name, value, Real(), text_of(value)); }
    template <class E>
    void add_name(const char* name, E value, const char* type) {
        add(name, value, E(), Expression(type) << "::" << name_of(value));
    }
    Expression braced() const { return Expression("{") << list_ << "}"; }

  private:
    Expression list_{};
    int count_ = 0;
};

inline Expression members_of(const WindowAxis& axis) {
    Members members;
    members.add("size", axis.size, 1), members.add("stride", axis.stride, 1);
    members.add("dilation", axis.dilation, 1);
    members.add("before", axis.before, 0), members.add("after", axis.after, 0);
    return members.braced();
}
inline Expression members_of(const Strides& strides) {
    Members members;
    members.add("first", strides.first, 0);
    members.add("by", strides.by, {}, braced(strides.by, Strides::most_axes, "Stride"));
    return members.braced();
}

/// A Node but for what the tracer fills in. A new member of Node has to be added here.
inline Expression members_of(const Node& node) {
    const auto& [op, activation, pooling, in, out, window, shuffle, resizing, stride, groups, transposed, heads, parts,
                 channel, code, head, anchors, words, positions, types, inverse_epsilon, channels_last, operands_at,
                 operand_count, nest, nest_count, parameter, bias, name_at, name_size] = node;
    static_cast<void>(in), static_cast<void>(out), static_cast<void>(operands_at), static_cast<void>(operand_count);
    static_cast<void>(nest), static_cast<void>(nest_count), static_cast<void>(parameter), static_cast<void>(bias);
    static_cast<void>(name_at), static_cast<void>(name_size);
    Members members, axes, resize;
    members.add("op", static_cast<int>(op), -1, Expression("Op::") << name_of(op));
    members.add("activation", activation, Activation(), activation_value(activation));
    members.add_name("pooling", pooling, "Pooling");
    axes.add("y", window.y, WindowAxis(), members_of(window.y)),
        axes.add("x", window.x, WindowAxis(), members_of(window.x));
    members.add("window", window, taxon::Window(), axes.braced());
    members.add_name("shuffle", shuffle, "Shuffle");
    resize.add_name("interpolation", resizing.interpolation, "Interpolation");
    resize.add("aligns_corners", resizing.aligns_corners);
    resize.add("y_step", resizing.y_step), resize.add("x_step", resizing.x_step);
    members.add("resizing", resizing, Resizing(), resize.braced());
    members.add("stride", stride, 1), members.add("groups", groups, 1), members.add("transposed", transposed);
    members.add("heads", heads, 1), members.add("parts", parts, 1), members.add("channel", channel, 0);
    members.add_name("code", code, "BoxCode");
    members.add("head", head, 0), members.add("anchors", anchors, {}, braced(anchors, 6, "Anchor"));
    members.add("words", words, 0), members.add("positions", positions, 0), members.add("types", types, 0);
    members.add("inverse_epsilon", inverse_epsilon, std::int64_t{0}, std::to_string(inverse_epsilon));
    members.add("channels_last", channels_last);
    return members.braced();
}

/// A LoopNest. A new member of it has to be added here.
inline Expression members_of(const LoopNest& of) {
    const auto& [rank, inner, sizes, operands, out, map, activation, reduction, row, scatter, cell, first, last,
                 reverse, limit, step, operand_count, result_count] = of;
    Members members;
    members.add("rank", rank, 0), members.add("inner", inner, 0);
    members.add("sizes", sizes, {}, braced(sizes, LoopNest::most_axes));
    std::vector<Expression> all;
    for (const Strides& operand : operands) all.push_back(members_of(operand));
    members.add("operands", operands, {}, Expression("{{") << listed(all) << "}}");
    members.add("out", out, Strides(), members_of(out));
    members.add_name("map", map, "MapFunction");
    members.add("activation", activation, Activation(), activation_value(activation));
    members.add_name("reduction", reduction, "Reduction"), members.add_name("row", row, "RowFunction");
    members.add_name("scatter", scatter, "Scatter"), members.add_name("cell", cell, "Cell");
    members.add("first", first), members.add("last", last), members.add("reverse", reverse);
    members.add("limit", limit, 0), members.add("step", step, 0);
    members.add("operand_count", operand_count, 0), members.add("result_count", result_count, 0);
    return members.braced();
}

/// Any layer, by its node: for rare combinations that no function says.
inline Expression spelled_by_its_node(const LayerContext& context) {
    const Network::Layer& layer = context.layer;
    Expression call("operation(t, ");
    call.name(layer.name) << ", " << members_of(layer.node) << ", " << shape(layer.out) << ", {";
    std::vector<Expression> values, tensors, nests;
    for (const int operand : layer.operands) {
        Expression value;
        values.push_back(std::move(value.value(operand)));
    }
    for (const Network::Weight& weight : layer.weights) {
        Expression tensor = Expression("{") << literal_of(weight.suffix) << ", "
                                            << braced(weight.shape, static_cast<int>(weight.shape.size()));
        if (weight.role != Role::trained) tensor << ", Role::" << name_of(weight.role);
        tensors.push_back(tensor << "}");
    }
    for (const LoopNest& nest : layer.nests) nests.push_back(members_of(nest));
    call << listed(values) << "}";
    if (!tensors.empty() || !nests.empty()) call << ", {" << listed(tensors) << "}";
    if (!nests.empty()) call << ", {" << listed(nests) << "}";
    return call << ")";
}

}  // namespace taxon::onnx::writer
