#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/checking.hpp>
#include <taxon/onnx/model.hpp>
#include <vector>

namespace taxon::onnx {

/// A model with all shapes known and everything computed that depends on no input: what is left to do for each run.
struct Program {
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    /// A value and its name in the file; constant, or made by a step, or an input.
    struct NamedValue {
        std::string name;
        Value value;
    };
    /// One operation. `call` has what is constant about it.
    struct Step {
        const Operator* operation;
        Call call;
        std::vector<std::size_t> inputs;  ///< values, or none
        std::vector<std::size_t> outputs;
        std::size_t node;  ///< its place in the report
    };
    /// An input or an output.
    struct Port {
        std::string name;
        std::size_t value;
    };

    std::shared_ptr<const ModelProto> model;  ///< steps refer to its nodes
    std::vector<NamedValue> values{};
    std::vector<Step> steps{};
    std::vector<Port> inputs{}, outputs{};
    std::shared_ptr<Checking> checking{};  ///< until layers are made, or the program is run

    const Value& value(const Port& port) const { return values[port.value].value; }
    /// Multiplications and additions of products and convolutions.
    double flops() const {
        double sum = 0;
        for (const Step& step : steps) sum += step.call.flops;
        return sum;
    }
};

}  // namespace taxon::onnx
