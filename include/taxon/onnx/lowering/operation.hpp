#pragma once
#include <string>
#include <taxon/onnx/lowering/lowering.hpp>

namespace taxon::onnx::lowering {

/// One step of the program on its way into the network: what functions of operators share.
struct Operation {
    Lowering& to;
    const Program::Step& step;

    const Call& call() const { return step.call; }
    bool given(std::size_t i) const { return i < step.inputs.size() && step.inputs[i] != Program::none; }
    View operand(std::size_t i) const { return to.view(step.inputs[i]); }
    const Tensor* constant(std::size_t i) const { return given(i) ? to.constant(step.inputs[i]) : nullptr; }
    std::optional<double> scalar(std::size_t i) const { return given(i) ? to.scalar(step.inputs[i]) : std::nullopt; }
    /// The file's name of input i.
    const std::string& input_name(std::size_t i) const { return to.program.values[step.inputs[i]].name; }
    const Dimensions& shape(std::size_t output = 0) const { return to.value(step.outputs[output]).shape; }
    /// True if the result has the shape of a value: constants on the way to it widened nothing.
    bool has_shape_of(std::size_t value) const { return to.value(value).shape == shape(); }
    DataType type(std::size_t input = 0) const { return to.value(step.inputs[input]).type; }
    bool wants(std::size_t output) const { return call().wants(output); }
    std::string name() const { return Names::of_node(*call().node); }

    void define(View view, std::size_t output = 0) const { to.define(step.outputs[output], std::move(view)); }

    /// The module's path for a layer with parameters: that of input i's name, or the node's scope.
    std::string module(std::size_t i) const {
        const std::string path = Names::module_of(input_name(i)), scope = Names::scope_of(*call().node);
        if (to.names.is_free(path)) return path;
        if (to.names.is_free(scope)) return scope;
        return name();
    }

    /// The scope's name for a layer that several operators write out, or else the last one's.
    std::string pattern_name(const char* suffix = "") const {
        const std::string scope = Names::scope_of(*call().node);
        return scope.empty() ? name() : scope + suffix;
    }

    /// The same numbers along other axes; by a layer of movement only if no strides lead through them.
    View reshaped(const View& view, const Dimensions& shape) const {
        const auto other = view.reshaped(shape);
        return other ? *other : View::in_order(to.in_order(view, name()), shape);
    }
    /// A layer of this operation, called after it and `what` it is for.
    View map(const char* what, MapFunction function, const View& a) const { return to.map(name() + what, function, a); }
    View map(const char* what, MapFunction function, const View& a, const View& b) const {
        return to.map(name() + what, function, a, b);
    }
    View map(const char* what, MapFunction function, const View& a, double number) const {
        return map(what, function, a, to.constant_view(number, name() + what + ".number"));
    }

    [[noreturn]] void refuse(const std::string& found, const std::string& wanted = {}) const {
        call().fail(Fault::unsupported, found, wanted);
    }
    /// Inputs that have to be constants here.
    const Tensor& require_constant(std::size_t i, const std::string& what) const {
        const Tensor* tensor = constant(i);
        if (tensor == nullptr) refuse(what + " that depend on the network's inputs", "constants");
        return *tensor;
    }
};

}  // namespace taxon::onnx::lowering
