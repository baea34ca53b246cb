#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/onnx/model_file.hpp>
#include <taxon/onnx/lower.hpp>
#include <taxon/onnx/writer/header.hpp>
#include <taxon/onnx/writer/identifier.hpp>
#include <utility>

namespace taxon::app {

/// A file as a C++ type: FOLDER/type_name.hpp, whose text this is, and its weights, FOLDER/type_name.safetensors.
struct WrittenType {
    onnx::Network network;
    std::string text;
    std::filesystem::path header, weights;
};

/// Throws OnnxFile::Refused with the reason why the file cannot be imported.
inline onnx::Network lowered(const OnnxFile& file, onnx::Folded folded) {
    std::optional<onnx::Network> network = file.lower(folded);
    if (!network) throw OnnxFile::Refused(file.path + ": " + folded.coverage.reason);
    network->comment = std::filesystem::path(file.path).filename().string();
    return std::move(*network);
}

/// Writes both; the folder is made. Throws WrongUse for a name that is none in C++, and as `lowered` does.
inline WrittenType write_type(const OnnxFile& file, const std::string& name, const std::string& folder) {
    if (!onnx::writer::is_identifier(name))
        throw WrongUse("--name: found '" + name + "', wanted the name of a C++ type, such as MobileNetV2");
    require_folder("--output-dir", folder);
    const std::string stem = (std::filesystem::path(folder) / onnx::writer::snake_case(name)).string();
    WrittenType type{lowered(file, file.fold(file.read())), {}, stem + ".hpp", stem + ".safetensors"};
    try {
        type.text = onnx::written_header(type.network, name);
    } catch (const Error& error) { throw error.fault() == Fault::usage ? error : error.in_file(file.path); }
    std::filesystem::create_directories(folder);
    for (const auto& path : {type.header, type.weights}) require_replaceable("--output-dir", path);
    // the weights first: a header is there only with them
    onnx::write_weights(type.network, type.weights);
    write_file(type.header, type.text);
    return type;
}

}  // namespace taxon::app
