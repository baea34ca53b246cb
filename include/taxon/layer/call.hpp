#pragma once
#include <array>
#include <initializer_list>
#include <string_view>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/extent.hpp>

/// Layers as functions of values, for networks that are written as a sequence of calls rather than as one type. Each
/// function adds the layer called `name` and returns its value.
namespace taxon {

using Value = Tracer::Value;

/// A layer's path in the state dict, within the Scope around it: "attention.query", or with a number,
/// {"layer.", 3, ".attention"}.
struct Name {
    std::string_view stem{};
    int number = none;
    std::string_view rest{};
    constexpr Name(const char* whole) : stem(whole) {}
    constexpr Name(std::string_view whole) : stem(whole) {}
    constexpr Name(std::string_view before, int its_number, std::string_view after = {})
        : stem(before), number(its_number), rest(after) {}
};

template <std::size_t Capacity>
constexpr Text<Capacity>& operator<<(Text<Capacity>& text, const Name& name) {
    text << name.stem;
    return name.number == none ? text : text << name.number << name.rest;
}

/// While it lives, names are those of children of `name`.
class Scope {
  public:
    constexpr Scope(Tracer& tracer, Name name) : tracer_(tracer), outside_(tracer.enter(name)) {}
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    constexpr ~Scope() { tracer_.leave(outside_); }

  private:
    Tracer& tracer_;
    int outside_;
};

/// A layer of one value.
template <Layer L>
constexpr Value apply(Tracer& tracer, Name name, Value x) {
    tracer.current = x;
    tracer.scope(name, L::trace);
    return tracer.current;
}
/// A layer of none: a learned value.
template <Layer L>
constexpr Value apply(Tracer& tracer, Name name) {
    tracer.scope(name, L::trace);
    return tracer.current;
}

/// The sum of two values of one shape.
constexpr Value add(Tracer& tracer, Name name, Value a, Value b) {
    tracer.scope(name, [&](Tracer& inner) {
        inner.current = a;
        inner.expect(a.shape == b.shape, "(add) wants two values of the shape ", b.shape);
        inner.node({.op = Op::add}, a.shape, {a, b});
    });
    return tracer.current;
}

/// The product of a picture and a gate, one number for each channel, or a second picture.
constexpr Value multiply(Tracer& tracer, Name name, Value x, Value gate) {
    tracer.scope(name, [&](Tracer& inner) {
        inner.current = gate;
        inner.expect(gate.shape == x.shape || gate.shape == Shape{x.shape.channels}, "(multiply) wants a gate of ",
                     x.shape.channels, " numbers");
        inner.node({.op = Op::multiply}, x.shape, {x, gate});
    });
    return tracer.current;
}

/// The channels of pictures, or the rows of tables, one after the other.
constexpr Value concat(Tracer& tracer, Name name, std::initializer_list<Value> values) {
    tracer.scope(name,
                 [&](Tracer& inner) { detail::concatenate(inner, values.begin(), static_cast<int>(values.size())); });
    return tracer.current;
}

/// A tensor of the state dict, of up to four axes, and its name within the layer that it belongs to.
struct TensorOf {
    std::string_view name{};
    Role role = Role::trained;
    int rank = 0;
    std::array<int, 4> shape{};
    bool is_bias = false;

    constexpr TensorOf(std::string_view suffix, std::initializer_list<int> axes, Role its_role = Role::trained)
        : name(suffix), role(its_role), rank(static_cast<int>(axes.size())) {
        for (int i = 0; i < rank && i < 4; ++i) shape[static_cast<std::size_t>(i)] = axes.begin()[i];
    }

    /// Its number.
    constexpr int add(Tracer& tracer) const {
        const auto& s = shape;
        return rank == 0   ? tracer.parameter(name, role)
               : rank == 1 ? tracer.parameter(name, role, s[0])
               : rank == 2 ? tracer.parameter(name, role, s[0], s[1])
               : rank == 3 ? tracer.parameter(name, role, s[0], s[1], s[2])
                           : tracer.parameter(name, role, s[0], s[1], s[2], s[3]);
    }
};

/// Any operation, by its node: for what no layer above or beside says. `tensors`: the node's parameter and those after
/// it; the first `bias` among a convolution's or group normalisation's is its bias.
constexpr Value operation(Tracer& tracer, Name name, Node node, Shape out, std::initializer_list<Value> values,
                          std::initializer_list<TensorOf> tensors = {}, std::initializer_list<LoopNest> nests = {}) {
    tracer.scope(name, [&](Tracer& inner) {
        for (const TensorOf& tensor : tensors) {
            const int number = tensor.add(inner);
            if (&tensor == tensors.begin()) node.parameter = number;
            else if (node.bias == none && tensor.name.ends_with("bias") &&
                     (node.op == Op::convolution || node.op == Op::group_norm))
                node.bias = number;
        }
        for (const LoopNest& nest : nests) {
            const int number = inner.nest(nest);
            if (&nest == nests.begin()) node.nest = number;
        }
        node.nest_count = static_cast<int>(nests.size());
        inner.node(node, out, values.begin(), static_cast<int>(values.size()));
    });
    return tracer.current;
}

}  // namespace taxon
