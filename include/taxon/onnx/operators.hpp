#pragma once
#include <span>
#include <string_view>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/onnx/call.hpp>

namespace taxon::onnx {

/// Every operator of ONNX that taxon computes, by name: what `import_onnx check` calls supported.
TAXON_DECL std::span<const Operator> operators();

/// The operator of a name, or nothing.
TAXON_DECL const Operator* find_operator(std::string_view name);

}  // namespace taxon::onnx

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/onnx/impl/operators.ipp>
#endif
