#pragma once
#include <filesystem>
#include <taxon/core/limits.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/onnx/model.hpp>

namespace taxon::onnx {

/// Reads an .onnx file, in time and memory linear in its size. Constants stay views of the mapped file, or of the files
/// of external data, which must lie in the same folder or below. Throws Error for what is damaged (Fault::truncated,
/// ::syntax, ::encoding, …), beyond a limit, or forbidden (::path); operators are not looked at.
TAXON_DECL ModelProto read_model(const std::filesystem::path& path, const Limits& limits = {});

/// The same of bytes in memory. External data is looked for in `folder`; without one it is Fault::path.
TAXON_DECL ModelProto read_model(const SharedBytes& bytes, const std::filesystem::path& folder = {},
                                 const Limits& limits = {});

}  // namespace taxon::onnx

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/onnx/impl/read_model.ipp>
#endif
