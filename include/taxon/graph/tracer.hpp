#pragma once
#include <concepts>
#include <initializer_list>
#include <taxon/graph/loop_nest.hpp>
#include <taxon/graph/node.hpp>
#include <taxon/graph/port.hpp>

namespace taxon {

/// Walks an architecture at compile time. The first walk only counts; the second fills arrays of that size.
class Tracer {
  public:
    struct Value {
        int node = 0;
        Shape shape{};
    };
    static constexpr int longest_path = 160;
    static constexpr int most_outputs = 256;
    struct Counts {
        int nodes = 0, operands = 0, parameters = 0, characters = 0, outputs = 0, nests = 0;
    };
    struct Store {
        Node* nodes;
        int* operands;
        Parameter* parameters;
        char* characters;
        LoopNest* nests;
    };

    constexpr explicit Tracer(std::span<const Port> inputs) : Tracer(inputs, Store{}) {}
    constexpr Tracer(std::span<const Port> inputs, Store store) : store_(store), inputs_(inputs) {
        for (const Port& input : inputs) {
            node({.op = Op::input}, input.shape, {});
            if (inputs.size() > 1) require_name("input", input.name, inputs.first(detail::size(current.node)));
        }
        current = {0, inputs.front().shape};
    }

    Value current{};  ///< the next layer's input; a branching layer saves and restores it
    /// suffix of node names, not of parameter names: for a layer that computes several layers of the state dict at once
    std::string_view label{};

    constexpr Shape shape() const { return current.shape; }
    constexpr Counts counts() const { return counts_; }
    constexpr std::span<const Port> outputs() const { return std::span(outputs_).first(detail::size(counts_.outputs)); }
    constexpr const Text<224>& problem() const { return problem_; }

    /// The input of that name. `current` is the first input before anything is traced.
    constexpr Value input(std::string_view name) {
        for (const Port& input : inputs_)
            if (input.name == name) return {input.node, input.shape};
        if (problem_.size == 0) {
            problem_ << "the network has no input '" << name << "'; it has ";
            list(inputs_);
        }
        return current;
    }

    /// Makes a value an output of the network, which may be read further. In a network that names none, the last node's
    /// value is its only output.
    constexpr void output(std::string_view name) { output(name, current); }
    constexpr void output(std::string_view name, Value value) {
        if (counts_.outputs == most_outputs) {
            if (problem_.size == 0) problem_ << "the network has more than " << most_outputs << " outputs";
            return;
        }
        require_name("output", name, outputs());
        outputs_[detail::size(counts_.outputs++)] = {name, value.shape, value.node};
    }

    /// Ends the walk.
    constexpr void finish() {
        if (counts_.outputs == 0) outputs_[detail::size(counts_.outputs++)] = {{}, last_, counts_.nodes - 1};
    }

    /// Traces a child whose parameters are named `name.…`.
    template <class Name, class Trace>
    constexpr void scope(Name name, Trace trace) {
        const int outside = enter(name);
        trace(*this);
        leave(outside);
    }
    /// The same in two calls: `leave` wants what `enter` returns.
    template <class Name>
    constexpr int enter(Name name) {
        const int outside = path_.size;
        if (outside > 0) path_ << ".";
        path_ << name;
        // a truncated name would be another one
        expect(path_.size < longest_path, "wants a name of less than ", longest_path, " characters");
        return outside;
    }
    constexpr void leave(int outside) { path_.size = outside; }

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
        current = {counts_.nodes++, last_ = out};
    }

    /// Adds the loops of a dense operation, for the next node.
    constexpr int nest(const LoopNest& nest) {
        if (store_.nests) store_.nests[counts_.nests] = nest;
        return counts_.nests++;
    }

  private:
    constexpr void list(std::span<const Port> ports) {
        for (const Port& port : ports) problem_ << (port.node == ports.front().node ? "'" : ", '") << port.name << "'";
    }
    constexpr void require_name(std::string_view kind, std::string_view name, std::span<const Port> others) {
        if (problem_.size > 0) return;
        if (name.empty()) problem_ << "the network has several " << kind << "s, one of them without a name";
        for (const Port& other : others)
            if (other.name == name && problem_.size == 0)
                problem_ << "the network has two " << kind << "s named '" << name << "'";
    }
    constexpr void write(std::string_view text) {
        for (const char c : text) {
            if (store_.characters) store_.characters[counts_.characters] = c;
            ++counts_.characters;
        }
    }

    Store store_;
    std::span<const Port> inputs_;
    std::array<Port, most_outputs> outputs_{};
    Shape last_{};  ///< of the last node
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

/// A layer with an input shape of its own, or a list of inputs (see Port); a ShapeMode may replace the first shape.
template <class A>
concept Architecture = Layer<A> &&(
    requires {
        { A::input } -> std::convertible_to<Shape>;
    } ||
    requires { std::span<const Port>(A::inputs); });

}  // namespace taxon
