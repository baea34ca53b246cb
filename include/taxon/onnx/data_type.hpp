#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace taxon::onnx {

/// TensorProto.DataType of onnx.proto, with its numbers.
enum class DataType : std::int32_t {
    undefined,
    float32,
    uint8,
    int8,
    uint16,
    int16,
    int32,
    int64,
    string,
    boolean,
    float16,
    float64,
    uint32,
    uint64,
    complex64,
    complex128,
    bfloat16
};

/// NumPy's names; "type 23" of a later version of ONNX is "another type".
constexpr std::string_view name_of(DataType type) {
    constexpr std::string_view names[] = {"undefined", "float32", "uint8",     "int8",       "uint16",  "int16",
                                          "int32",     "int64",   "string",    "bool",       "float16", "float64",
                                          "uint32",    "uint64",  "complex64", "complex128", "bfloat16"};
    const auto number = static_cast<std::size_t>(type);
    return number < std::size(names) ? names[number] : "another type";
}

/// Bytes of one element; 0 of those without a fixed size or unknown here.
constexpr std::size_t size_of(DataType type) {
    switch (type) {
        case DataType::uint8:
        case DataType::int8:
        case DataType::boolean: return 1;
        case DataType::uint16:
        case DataType::int16:
        case DataType::float16:
        case DataType::bfloat16: return 2;
        case DataType::float32:
        case DataType::int32:
        case DataType::uint32: return 4;
        case DataType::float64:
        case DataType::int64:
        case DataType::uint64:
        case DataType::complex64: return 8;
        case DataType::complex128: return 16;
        default: return 0;
    }
}

constexpr bool is_floating(DataType type) {
    return type == DataType::float32 || type == DataType::float64 || type == DataType::float16 ||
           type == DataType::bfloat16;
}

/// Whether a tensor's lists of whole numbers may hold its elements: halves lie there as their bits, other floats and
/// complex numbers have lists of their own.
constexpr bool is_listed_whole(DataType type) {
    return type != DataType::float32 && type != DataType::float64 && type != DataType::complex64 &&
           type != DataType::complex128;
}

}  // namespace taxon::onnx
