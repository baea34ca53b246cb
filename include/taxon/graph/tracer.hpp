#pragma once
#include <concepts>
#include <initializer_list>
#include <taxon/graph/node.hpp>

namespace taxon {

/// Walks an architecture while the program compiles. The first walk only counts; the second one fills arrays of that
/// size.
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

    Value current{};  ///< what the next layer reads; a branching layer keeps it and puts it back
    /// added to the names of nodes, not of parameters: a layer's that computes what the state dict has as several
    std::string_view label{};

    constexpr Shape shape() const { return current.shape; }
    constexpr Counts counts() const { return counts_; }
    constexpr const Text<224>& problem() const { return problem_; }

    /// Traces a child whose parameters are called `name.…`.
    template <class Name, class Trace>
    constexpr void scope(Name name, Trace trace) {
        const int outside = path_.size;
        if (outside > 0) path_ << ".";
        path_ << name;
        // a cut name would be another one
        expect(path_.size < longest_path, "wants a name of less than ", longest_path, " characters");
        trace(*this);
        path_.size = outside;
    }

    /// States what a layer needs; the first broken wish becomes the compiler's error sentence.
    template <class... Words>
    constexpr void expect(bool fits, Words... words) {
        if (fits || problem_.size > 0) return;
        problem_ << "layer '" << path_.view() << "' ";
        (problem_ << ... << words) << ", found " << shape();
    }

    /// A tensor of the state dict, called `suffix` within the layer. Returns its number.
    template <class... Dimensions>
    constexpr int parameter(std::string_view suffix, Role role, Dimensions... dimensions) {
        const int begin = counts_.characters;
        write(path_.view());
        if (path_.size > 0) write(".");
        write(suffix);
        if (store_.parameters)
            store_.parameters[counts_.parameters] = {
                begin, counts_.characters - begin, sizeof...(dimensions), {dimensions...}, role};
        return counts_.parameters++;
    }

    /// A node that reads `current`, and makes its value the current one.
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
    Text<longest_path> path_{};
    Text<224> problem_{};
};

/// What every layer, and so every network, is: something that can be traced.
template <class L>
concept Layer = requires(Tracer& tracer) {
    L::trace(tracer);
};

/// A layer that knows the size of the sample it starts from; a ShapeMode may say another.
template <class A>
concept Architecture = Layer<A> && requires {
    { A::input } -> std::convertible_to<Shape>;
};

}  // namespace taxon
