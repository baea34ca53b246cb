#pragma once
#include <filesystem>
#include <string>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/onnx/network.hpp>

namespace taxon::onnx {

/// The header of a network as a type of that name, the text of type_name.hpp. Its graph is that of network.traced().
/// Throws Fault::usage for a name that is none in C++ or that the header uses otherwise, ::unsupported for a network
/// that cannot be traced.
TAXON_DECL std::string written_header(const Network& network, const std::string& type);

/// Writes its tensors by their names in its state dict as a .safetensors file, as float32, atomically. Throws as
/// io::SafetensorsWriter does.
TAXON_DECL void write_weights(const Network& network, const std::filesystem::path& path);

}  // namespace taxon::onnx

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/onnx/writer/impl/header.ipp>
#endif
