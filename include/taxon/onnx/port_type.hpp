#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <taxon/onnx/data_type.hpp>

namespace taxon::onnx {

/// An input or output as its .onnx file declares it. The network's floats are these numbers, in the same order. An
/// architecture that was made of a file lists them beside its ports:
///
///     static constexpr std::array input_types{PortType{DataType::int64, {2, 15}}};
///     static constexpr std::array output_types{PortType{DataType::float32, {2, 15, 7}}};
class PortType {
  public:
    static constexpr std::size_t most_axes = 8;

    constexpr PortType(DataType type, std::initializer_list<std::int64_t> sizes) : type_(type), rank_(sizes.size()) {
        std::copy(sizes.begin(), sizes.end(), sizes_.begin());
    }

    /// Of at most `most_axes`.
    constexpr PortType(DataType type, std::span<const std::int64_t> sizes) : type_(type), rank_(sizes.size()) {
        std::copy(sizes.begin(), sizes.end(), sizes_.begin());
    }

    constexpr DataType type() const { return type_; }
    constexpr std::span<const std::int64_t> shape() const { return std::span(sizes_).first(rank_); }

  private:
    DataType type_;
    std::array<std::int64_t, most_axes> sizes_{};
    std::size_t rank_;
};

}  // namespace taxon::onnx
