#pragma once
#include <optional>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/onnx/fold.hpp>
#include <taxon/onnx/network.hpp>
#include <taxon/onnx/program.hpp>

namespace taxon::onnx {

/// A program as a network of this library's layers: reshapes, transpositions and slices become strides, patterns of
/// operators the layers that they write out, and layers get the authors' names. All numbers are floats: float64 is
/// computed in float32, and whole numbers, which floats hold exactly up to 2^24, are refused where they may pass that.
/// Throws Fault::unsupported for uses of operators that have no form among the layers, naming the nodes of all.
TAXON_DECL Network lower(const Program& program);

/// The same of a program that is complete; nothing if uses of operators are refused: then the report says which, and
/// has the reason.
TAXON_DECL std::optional<Network> lower(Folded& folded);

}  // namespace taxon::onnx

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/onnx/impl/lower.ipp>
#endif
