#pragma once
#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/onnx/stored_numbers.hpp>
#include <taxon/onnx/tensor.hpp>
#include <utility>

namespace taxon::onnx {

/// The types that .npy files hold, here and there.
inline constexpr std::pair<Element, DataType> npy_types[] = {
    {Element::float32, DataType::float32}, {Element::float64, DataType::float64},
    {Element::float16, DataType::float16}, {Element::int64, DataType::int64},
    {Element::int32, DataType::int32},     {Element::int16, DataType::int16},
    {Element::int8, DataType::int8},       {Element::uint8, DataType::uint8},
    {Element::boolean, DataType::boolean}};

/// The tensor of a .npy file, in its type. Throws as io::NpyReader does, with the file's name.
inline Tensor read_npy(const std::string& path) {
    const auto mapped = std::make_shared<const io::MappedFile>(path);
    try {
        const io::StoredTensor stored = io::NpyReader::stored(mapped->bytes());
        const auto* type = std::ranges::find(npy_types, stored.element, &std::pair<Element, DataType>::first);
        return tensor_of(type->second, stored.shape, {stored.bytes, mapped});
    } catch (const Error& error) { throw error.in_file(path); }
}

/// A .npy file of a tensor. Throws Fault::element, naming the place, for a type that such files do not have here.
inline std::string npy_bytes(const Tensor& tensor, std::string_view place) {
    const auto* type = std::ranges::find(npy_types, tensor.type(), &std::pair<Element, DataType>::second);
    if (type == std::end(npy_types))
        throw Error(Fault::element, {.place = place,
                                     .found = "numbers of type " + std::string(name_of(tensor.type())),
                                     .wanted = "a type of .npy files: float, int8 to int64, uint8, bool"});
    const auto bytes = stored_bytes(tensor);
    return io::npy_bytes({"", type->first, tensor.shape(), bytes});
}

}  // namespace taxon::onnx
