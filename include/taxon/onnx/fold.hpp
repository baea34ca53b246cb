#pragma once
#include <map>
#include <memory>
#include <string>
#include <taxon/core/limits.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/onnx/coverage.hpp>
#include <taxon/onnx/model.hpp>
#include <taxon/onnx/program.hpp>
#include <vector>

namespace taxon::onnx {

/// Shapes for inputs whose own are open.
using InputShapes = std::map<std::string, Dimensions>;

struct Folded {
    Program program;                   ///< complete only if coverage.reason is empty
    Coverage coverage;                 ///< with the reason why the model cannot be imported, if there is one
    std::vector<bool> shapes_known{};  ///< of each value: not of those that open inputs or refused nodes lead to

    bool has_shape(std::size_t value) const { return shapes_known[value]; }
};

/// Infers all shapes, inlines the branches of If that constants choose, and leaves out what no output needs. What
/// depends on no input is computed at once where shapes depend on it, and else when it is first read. Throws
/// Fault::usage for shapes that do not fit the inputs, and what damaged graphs deserve: ::duplicate, ::missing, ::shape
/// and others, with the node; ::limit if the constants are too many.
TAXON_DECL Folded fold(std::shared_ptr<const ModelProto> model, const InputShapes& shapes = {},
                       const Limits& limits = {});

}  // namespace taxon::onnx

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/onnx/impl/fold.ipp>
#endif
