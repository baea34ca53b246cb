#pragma once
#include <concepts>
#include <initializer_list>
#include <taxon/graph/node.hpp>

namespace taxon {

/// Walks an architecture at compile time. The first walk only counts; the second fills arrays of that size.
class Tracer {
  public:
    struct Value {
        int node = 0;
        Shape shape{};
    };
    static constexpr int longest_path = 96;
    struct Counts {
        int nodes = 0, operands = 0, parameters = 0, characters = 0;
    };
    struct Store {
        Node* nodes;
        int* operands;
        Parameter* parameters;
        char* characters;
    };

    constexpr explicit Tracer(Shape input) : Tracer(input, Store{}) {}
    constexpr Tracer(Shape input, Store store) : store_(store) { node({.op = Op::input}, input, {}); }

    Value current{};  ///< the next layer's input; a branching layer saves and restores it
    /// suffix of node names, not of parameter names: for a layer that computes several layers of the state dict at once
    std::string_view label{};

    constexpr Shape shape() const { return current.shape; }
    constexpr Counts counts() const { return counts_; }
    constexpr const Text<224>& problem() const { return problem_; }

    /// Traces a child whose parameters are named `name.…`.
    template <class Name, class Trace>
    constexpr void scope(Name name, Trace trace) {
        const int outside = path_.size;
        if (outside > 0) path_ << ".";
        path_ << name;
        // a truncated name would be another one
        expect(path_.size < longest_path, "wants a name of less than ", longest_path, " characters");
        trace(*this);
        path_.size = outside;
    }

    /// Traces a layer a second time, on another value, with the parameters that it registered from number `first` on.
    template <class Trace>
    constexpr void again(int first, Trace trace) {
        repeated_ = first;
        trace(*this);
        repeated_ = none;
    }

    /// States a layer's requirement; the first one violated becomes the compile error.
    template <class... Words>
    constexpr void expect(bool fits, Words... words) {
        if (fits || problem_.size > 0) return;
        problem_ << "layer '" << path_.view() << "' ";
        (problem_ << ... << words) << ", found " << shape();
    }

    /// Adds a tensor of the state dict, named `suffix` within the layer, or like the layer. Returns its number.
    template <class... Dimensions>
    constexpr int parameter(std::string_view suffix, Role role, Dimensions... dimensions) {
        if (repeated_ != none) return repeated_++;
        const int begin = counts_.characters;
        write(path_.view());
        if (path_.size > 0 && !suffix.empty()) write(".");
        write(suffix);
        if (store_.parameters)
            store_.parameters[counts_.parameters] = {
                begin, counts_.characters - begin, sizeof...(dimensions), {dimensions...}, role};
        return counts_.parameters++;
    }

    /// Adds a node that reads `current`, and makes its result the current value.
    constexpr void node(Node node, Shape out) { this->node(node, out, {current}); }

    constexpr void node(Node node, Shape out, std::initializer_list<Value> operands) {
        this->node(node, out, operands.begin(), static_cast<int>(operands.size()));
    }
    constexpr void node(Node node, Shape out, const Value* operands, int count) {
        node.in = count > 0 ? operands[0].shape : out;
        node.out = out;
        node.operands_at = counts_.operands;
        node.operand_count = count;
        for (int i = 0; i < count; ++i) {
            if (store_.operands) store_.operands[counts_.operands] = operands[i].node;
            ++counts_.operands;
        }
        node.name_at = counts_.characters;
        write(path_.view());
        if (path_.size > 0 && !label.empty()) write(".");
        write(label);
        node.name_size = counts_.characters - node.name_at;
        if (store_.nodes) store_.nodes[counts_.nodes] = node;
        current = {counts_.nodes++, out};
    }

  private:
    constexpr void write(std::string_view text) {
        for (const char c : text) {
            if (store_.characters) store_.characters[counts_.characters] = c;
            ++counts_.characters;
        }
    }

    Store store_;
    Counts counts_{};
    int repeated_ = none;  ///< the next parameter of a layer that is traced again
    Text<longest_path> path_{};
    Text<224> problem_{};
};

/// A layer, and so also a network: anything that can be traced.
template <class L>
concept Layer = requires(Tracer& tracer) {
    L::trace(tracer);
};

/// A layer with an input shape of its own; a ShapeMode may replace it.
template <class A>
concept Architecture = Layer<A> && requires {
    { A::input } -> std::convertible_to<Shape>;
};

}  // namespace taxon
