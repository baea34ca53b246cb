#pragma once
#include <taxon/core/separate_compilation.hpp>
#include <taxon/onnx/program.hpp>
#include <vector>

namespace taxon::onnx {

/// Computes a program's outputs from its inputs, in their orders; an input that no step reads may be an empty Tensor.
/// Every operator is a plain loop: this is what the numbers should be, not how fast they can be had. Throws
/// Fault::bounds for an index outside, Fault::value for a whole number divided by 0, with the node.
TAXON_DECL std::vector<Tensor> run(const Program& program, const std::vector<Tensor>& inputs);

}  // namespace taxon::onnx

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/onnx/impl/run.ipp>
#endif
