#pragma once
#include <taxon/onnx/call.hpp>

namespace taxon::onnx {

/// Computes a call whose `operands` are set: fills `results`, of the types and shapes of `outputs`.
inline void compute(const Operator& operation, Call& call) {
    call.results.clear();
    if (operation.is_view) return call.results.push_back(call.operands[0].reshaped(call.outputs[0].shape));
    for (const Value& output : call.outputs) call.results.emplace_back(output.type, output.shape);
    std::size_t numbers = 0;
    for (const Tensor& result : call.results) numbers += result.size();
    if (numbers == 0) return;  // whatever the other sizes of such shapes are
    operation.compute(call);
    for (Tensor& result : call.results) result.round();
}

}  // namespace taxon::onnx
