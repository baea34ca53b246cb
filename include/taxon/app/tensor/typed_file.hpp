#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/onnx/npy.hpp>
#include <taxon/onnx/port_type.hpp>
#include <taxon/onnx/whole_numbers.hpp>
#include <vector>

/// Files in the types of an .onnx file, for a network of floats.
namespace taxon::app {

using onnx::largest_given, onnx::largest_whole;

namespace detail {

inline std::string text_of(onnx::DataType type, std::span<const std::int64_t> shape) {
    return std::string(onnx::name_of(type)) + " " + io::to_string(shape);
}

}  // namespace detail

/// The numbers of a .npy file of exactly this type and shape. Throws Fault::shape for another one, and Fault::value for
/// whole numbers that floats do not hold.
inline io::FloatTensor read_typed(const std::string& file, const onnx::PortType& port, const std::string& input) {
    const onnx::Tensor tensor = onnx::read_npy(file);
    const auto shape = port.shape();
    if (tensor.type() != port.type() || !std::ranges::equal(tensor.shape(), shape))
        throw Error(Fault::shape, {.file = file,
                                   .place = "input " + input,
                                   .found = detail::text_of(tensor.type(), tensor.shape()),
                                   .wanted = detail::text_of(port.type(), shape)});
    io::FloatTensor floats{tensor.shape(), {}};
    floats.numbers.reserve(tensor.size());
    onnx::visit_type(tensor.type(), [&]<class T>(T) {
        for (const T number : tensor.numbers<T>()) {
            if constexpr (std::is_same_v<T, std::int64_t>)
                if (number < -largest_given || number > largest_given)
                    throw Error(Fault::value, {.file = file,
                                               .place = "input " + input,
                                               .found = std::to_string(number),
                                               .wanted = "whole numbers up to 4194304, whose results floats hold"});
            floats.numbers.push_back(static_cast<float>(number));
        }
    });
    return floats;
}

/// A .npy file of this type and shape. Throws CheckFailed for a number that is not whole, or beyond the type's or
/// floats' range, where the type has whole numbers.
inline std::string typed_npy(std::span<const float> numbers, const onnx::PortType& port, const std::string& output) {
    onnx::Tensor tensor(port.type(), {port.shape().begin(), port.shape().end()});
    onnx::visit_type(port.type(), [&]<class T>(T) {
        const std::span<T> to = tensor.writable<T>();
        for (std::size_t i = 0; i < to.size(); ++i) {
            if constexpr (std::is_same_v<T, std::int64_t>)
                if (!(std::fabs(numbers[i]) <= static_cast<float>(largest_whole)) ||
                    numbers[i] != std::trunc(numbers[i]))
                    throw CheckFailed("output " + output + ": [value] found " + std::to_string(numbers[i]) +
                                      ", wanted whole numbers up to 16777216, which floats hold exactly");
            to[i] = static_cast<T>(numbers[i]);
        }
    });
    tensor.round();
    return onnx::npy_bytes(tensor, "output " + output);
}

}  // namespace taxon::app
