#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <taxon/onnx/bounded_shape.hpp>
#include <taxon/onnx/folding/failure.hpp>
#include <taxon/onnx/model.hpp>
#include <variant>

namespace taxon::onnx::folding {

/// Throws ::limit for sizes that no tensor has.
inline void check_shape(const Dimensions& shape) {
    if (!is_bounded(shape)) fail(Fault::limit, "shape", io::to_string(shape), std::string(shape_bounds));
}

/// The shape of an input by the file, and where that leaves sizes open, by the caller. False if a size stays open.
/// Throws Fault::usage for a given shape that does not fit the file's.
inline bool find_shape(const ValueInfoProto& input, const Dimensions* given, Dimensions& shape) {
    const auto refuse = [&](const std::string& declared) {
        throw Error(
            Fault::usage,
            {.place = "--shape of input '" + input.name + "'", .found = io::to_string(*given), .wanted = declared});
    };
    if (given == nullptr && !input.shape) return false;
    if (!input.shape) {
        check_shape(shape = *given);
        return true;
    }
    std::string declared = "(";
    for (const auto& one : *input.shape)
        declared += (declared.size() > 1 ? ", " : "") +
                    (std::holds_alternative<std::string>(one) ? "any" : std::to_string(std::get<std::int64_t>(one)));
    declared += ")";
    if (given != nullptr && given->size() != input.shape->size()) refuse(declared);
    for (std::size_t i = 0; i < input.shape->size(); ++i) {
        const auto* size = std::get_if<std::int64_t>(&(*input.shape)[i]);
        if (given != nullptr && size != nullptr && *size != (*given)[i]) refuse(declared);
        if (given == nullptr && size == nullptr) return false;
        shape.push_back(given != nullptr ? (*given)[i] : *size);
    }
    check_shape(shape);
    return true;
}

}  // namespace taxon::onnx::folding
