#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/onnx/bounded_shape.hpp>
#include <taxon/onnx/checking.hpp>
#include <taxon/onnx/model.hpp>
#include <taxon/onnx/tensor.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx {

/// What is known of a value before anything is computed: type and shape, and its numbers if it depends on no input.
struct Value {
    DataType type = DataType::undefined;  ///< undefined: an input that is left out
    Dimensions shape{};
    std::optional<Tensor> constant{};
};

/// Of the axes, sizes or parts that an operator takes, in attributes or inputs.
inline constexpr std::size_t longest_list = std::size_t{1} << 16;

/// One node as its operator sees it: attributes, inputs and outputs. First `infer` states the outputs' types and
/// shapes, with constants at hand; then, at once or for every run, `compute` fills them.
class Call {
  public:
    const NodeProto* node = nullptr;
    std::int64_t opset = 0;              ///< version of ONNX's operators
    std::vector<Value> inputs{};         ///< for infer
    std::vector<Value> outputs{};        ///< for infer to make
    std::vector<Tensor> operands{};      ///< for compute; those left out are empty
    std::vector<Tensor> results{};       ///< for compute to fill: of the types and shapes that infer gave, all 0
    std::weak_ptr<Checking> checking{};  ///< while a graph is folded: what constants that are read now may take
    double work = 0;                     ///< for infer to state as well: other work, of which only limits know
    double flops = 0;                    ///< for infer to state, where it is more than a few for each output's element

    // ── Attributes ───────────────────────────────────────────────────────────────────────────────────────────────────
    bool has(std::string_view name) const { return node->attribute(name) != nullptr; }
    std::int64_t integer(std::string_view name, std::int64_t otherwise) const {
        return get(name, otherwise, "a whole number");
    }
    float number(std::string_view name, float otherwise) const { return get(name, otherwise, "a number"); }
    std::string text(std::string_view name, std::string otherwise) const {
        return get(name, std::move(otherwise), "a text");
    }
    Dimensions integers(std::string_view name, Dimensions otherwise = {}) const {
        return get(name, std::move(otherwise), "whole numbers");
    }
    std::vector<float> numbers(std::string_view name, std::vector<float> otherwise) const {
        return get(name, std::move(otherwise), "numbers");
    }
    std::vector<std::string> texts(std::string_view name) const {
        return get(name, std::vector<std::string>(), "texts");
    }

    // ── Inputs ───────────────────────────────────────────────────────────────────────────────────────────────────────
    bool given(std::size_t i) const { return type(i) != DataType::undefined; }
    /// An input that is left out, in the middle or at the end, has no dimensions and an undefined type.
    const Dimensions& shape(std::size_t i) const {
        static const Dimensions none;
        return i < inputs.size() ? inputs[i].shape : none;
    }
    DataType type(std::size_t i) const { return i < inputs.size() ? inputs[i].type : DataType::undefined; }

    /// The numbers of input i. Throws Fault::unsupported if they depend on the network's inputs.
    const Tensor& constant(std::size_t i) const {
        if (!inputs[i].constant)
            fail(Fault::unsupported,
                 "input " + std::to_string(i) + " that depends on the values of the network's inputs", "a constant");
        return *inputs[i].constant;
    }
    /// Input i if it is a constant whose numbers are at hand, so that they can be checked before anything is computed.
    const Tensor* ready(std::size_t i) const {
        if (!given(i) || !inputs[i].constant || inputs[i].constant->depth() != 0) return nullptr;
        read(inputs[i].constant->size());
        return &*inputs[i].constant;
    }
    /// Its whole numbers, or `otherwise` if it is left out.
    Dimensions constants(std::size_t i, Dimensions otherwise = {}) const {
        if (!given(i)) return otherwise;
        const Tensor& list = constant(i);
        if (list.size() > longest_list)
            fail(Fault::limit, "a list of " + std::to_string(list.size()) + " numbers",
                 "at most " + std::to_string(longest_list), "export the model again");
        read(list.size());
        return list.integers();
    }
    /// Says that `infer` reads as many numbers of a constant.
    void read(std::uint64_t numbers) const {
        if (const auto allowed = checking.lock()) allowed->work(numbers);
    }
    /// Whole numbers of an attribute, or of input i in those versions of the operator that have them there.
    Dimensions attribute_or_input(std::string_view name, std::size_t i, Dimensions otherwise = {}) const {
        return has(name) ? integers(name) : constants(i, std::move(otherwise));
    }

    /// An axis of a rank; negative ones count from the end.
    std::size_t axis(std::int64_t given_axis, std::size_t rank) const {
        const auto all = static_cast<std::int64_t>(rank);
        if (given_axis < -all || given_axis >= all)
            fail(Fault::bounds, "axis " + std::to_string(given_axis), "one of " + std::to_string(rank));
        return static_cast<std::size_t>(given_axis < 0 ? given_axis + all : given_axis);
    }

    // ── Outputs ──────────────────────────────────────────────────────────────────────────────────────────────────────
    bool wants(std::size_t i) const { return i < node->outputs.size() && !node->outputs[i].empty(); }
    void output(DataType type, Dimensions shape) {
        if (!is_bounded(shape))
            fail(Fault::limit, "an output of " + io::to_string(shape), shape_bounds, "export the model again");
        outputs.push_back({type, std::move(shape), std::nullopt});
    }

    // ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────
    [[noreturn]] void fail(Fault fault, std::string_view found, std::string_view wanted,
                           std::string_view remedy = {}) const {
        throw Error(fault, {.place = place(), .found = found, .wanted = wanted, .remedy = remedy});
    }
    void require(bool holds, Fault fault, std::string_view found, std::string_view wanted) const {
        if (!holds) fail(fault, found, wanted);
    }
    /// "Conv node 'features/Conv_0'".
    std::string place() const { return node->operation + " node '" + label(*node) + "'"; }

    /// A node's name, or that of its first output.
    static std::string label(const NodeProto& node) {
        if (!node.name.empty()) return node.name;
        for (const std::string& output : node.outputs)
            if (!output.empty()) return output;
        return "";
    }

  private:
    template <class T>
    T get(std::string_view name, T otherwise, std::string_view wanted) const {
        const AttributeProto* attribute = node->attribute(name);
        if (attribute == nullptr) return otherwise;
        const T* value = std::get_if<T>(&attribute->value);
        if (value == nullptr) fail(Fault::type, "another value of attribute '" + std::string(name) + "'", wanted);
        return *value;
    }
};

/// An error of a call that says where it happened.
inline Error placed(const Error& error, const Call& call) {
    Error::Facts facts = error.facts();
    if (facts.place.empty()) facts.place = call.place();
    return Error(error.fault(), facts);
}

/// An operator of ONNX that taxon computes. Its rules cover the opset versions that its `infer` does not refuse.
struct Operator {
    std::string_view name;
    int fewest_inputs, most_inputs;
    std::string_view attributes;  ///< those that are understood, with spaces between
    void (*infer)(Call&);         ///< throws Fault::unsupported for what is not computed, else for what ONNX forbids
    void (*compute)(Call&);
    bool (*is_identity)(const Call&) = nullptr;  ///< the output is the first input, once shapes are known
    bool is_view = false;  ///< the output has the first input's numbers in a shape of its own: nothing to compute
};

}  // namespace taxon::onnx
