#pragma once
#include <taxon/core/separate_compilation.hpp>
#include <taxon/onnx/network.hpp>
#include <taxon/onnx/program.hpp>

namespace taxon::onnx {

/// A program as a network of this library's layers: reshapes, transpositions and slices become strides, patterns of
/// operators the layers that they write out, and layers get the authors' names. Throws Fault::unsupported for an
/// operator, or a use of one, that has no form among the layers, naming the node.
TAXON_DECL Network lower(const Program& program);

}  // namespace taxon::onnx

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/onnx/impl/lower.ipp>
#endif
