#pragma once
#include <taxon/onnx/run.hpp>

#include <taxon/onnx/compute.hpp>

namespace taxon::onnx {

TAXON_DECL std::vector<Tensor> run(const Program& program, const std::vector<Tensor>& inputs) {
    if (program.checking) program.checking->begin(Checking::Stage::over);
    std::vector<Tensor> tensors(program.values.size());
    std::vector<std::size_t> readers(program.values.size());
    for (const Program::Port& output : program.outputs) ++readers[output.value];
    for (const Program::Step& step : program.steps)
        for (const std::size_t input : step.inputs)
            if (input != Program::none) ++readers[input];
    for (std::size_t i = 0; i < program.inputs.size(); ++i) tensors[program.inputs[i].value] = inputs.at(i);
    const auto at = [&](std::size_t i) {
        return program.values[i].value.constant ? *program.values[i].value.constant : tensors[i];
    };
    for (const Program::Step& step : program.steps) {
        Call call = step.call;
        for (const std::size_t input : step.inputs)
            call.operands.push_back(input == Program::none ? Tensor() : at(input));
        try {
            compute(*step.operation, call);
        } catch (const Error& error) { throw placed(error, call); }
        for (std::size_t i = 0; i < step.outputs.size(); ++i)
            if (readers[step.outputs[i]] != 0) tensors[step.outputs[i]] = call.results[i];
        for (const std::size_t input : step.inputs)
            if (input != Program::none && --readers[input] == 0) tensors[input] = Tensor();
    }
    std::vector<Tensor> outputs;
    for (const Program::Port& output : program.outputs) outputs.push_back(at(output.value));
    return outputs;
}

}  // namespace taxon::onnx
