#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <taxon/io/byte_reader.hpp>
#include <taxon/onnx/checking.hpp>
#include <taxon/onnx/model.hpp>
#include <taxon/onnx/tensor.hpp>
#include <vector>

namespace taxon::onnx {
namespace detail {

/// Calls f(Stored()) with the type of the bits that numbers of `type` have in a file.
template <class F>
void visit_stored(DataType type, F&& f) {
    switch (type) {
        case DataType::float32: return f(float());
        case DataType::float64: return f(double());
        case DataType::float16: return f(half());
        case DataType::bfloat16: return f(bfloat16());
        case DataType::uint8: return f(std::uint8_t());
        case DataType::int8: return f(std::int8_t());
        case DataType::uint16: return f(std::uint16_t());
        case DataType::int16: return f(std::int16_t());
        case DataType::uint32: return f(std::uint32_t());
        case DataType::int32: return f(std::int32_t());
        case DataType::int64: return f(std::int64_t());
        case DataType::boolean: return f(bool());
        default: throw Error(Fault::element, {.found = "numbers of type " + std::string(name_of(type))});
    }
}

template <std::size_t Bytes>
using BitsOf = std::conditional_t<
    Bytes == 1, std::uint8_t,
    std::conditional_t<Bytes == 2, std::uint16_t, std::conditional_t<Bytes == 4, std::uint32_t, std::uint64_t>>>;

/// What a Tensor keeps such numbers as.
template <class Stored>
using KeptAs = std::conditional_t<std::is_same_v<Stored, double>, double,
                                  std::conditional_t<std::is_integral_v<Stored>, std::int64_t, float>>;

}  // namespace detail

/// Decodes the numbers of a file, as a Tensor keeps them.
inline std::shared_ptr<const void> decoded(DataType type, std::size_t count, std::span<const std::byte> bytes) {
    std::shared_ptr<const void> made;
    detail::visit_stored(type, [&]<class Stored>(Stored) {
        using Bits = detail::BitsOf<sizeof(Stored)>;
        using Kept = detail::KeptAs<Stored>;
        const auto numbers = std::shared_ptr<Kept[]>(new Kept[count == 0 ? 1 : count]());
        Kept* const to = numbers.get();
        for (std::size_t i = 0; i < count; ++i) {
            const auto bits = io::little_endian<Bits>(bytes.subspan(i * sizeof(Bits)).template first<sizeof(Bits)>());
            if constexpr (std::is_same_v<Stored, bool>) to[i] = bits != 0;
            else if constexpr (std::is_same_v<Stored, half> || std::is_same_v<Stored, bfloat16>)
                to[i] = to_float(std::bit_cast<Stored>(bits));
            else to[i] = std::bit_cast<Stored>(bits);
        }
        made = numbers;
    });
    return made;
}

/// The numbers of a file: little-endian bytes at any alignment. float32, float64 and int64 that are aligned stay where
/// they are; others are decoded when they are first read, since they take up to eight times the memory and a file that
/// is refused needs few of them: decoding is charged to `checking` as long as that is there. `bytes` has the size that
/// type and shape need.
inline Tensor tensor_of(DataType type, const Dimensions& shape, const SharedBytes& bytes,
                        const std::weak_ptr<Checking>& checking = {}) {
    const bool aligned = reinterpret_cast<std::uintptr_t>(bytes.view.data()) % size_of(type) == 0;
    const std::shared_ptr<const void>& owner = bytes.owner;
    if (std::endian::native == std::endian::little && aligned && owner != nullptr &&
        (type == DataType::float32 || type == DataType::float64 || type == DataType::int64))
        return Tensor(type, shape, bytes.view.data(), owner);
    const auto count = static_cast<std::size_t>(io::element_count(shape));
    constexpr std::size_t few = 16;  // sizes and axes, which most operators read at once
    if (count > few && owner != nullptr)
        return Tensor(type, shape,
                      std::make_shared<LateNumbers>(
                          [type, count, bytes, checking] {
                              if (const auto allowed = checking.lock()) allowed->decode(count * kept_size(type));
                              return decoded(type, count, bytes.view);
                          },
                          0));
    const auto numbers = decoded(type, count, bytes.view);
    return Tensor(type, shape, numbers.get(), numbers);
}

inline Tensor tensor_of(const TensorProto& constant, const std::weak_ptr<Checking>& checking = {}) {
    return tensor_of(constant.type, constant.shape, constant.data, checking);
}

/// The bytes of a tensor as a file has them.
inline std::vector<std::byte> stored_bytes(const Tensor& tensor) {
    std::vector<std::byte> bytes;
    bytes.reserve(tensor.size() * size_of(tensor.type()));
    detail::visit_stored(tensor.type(), [&]<class Stored>(Stored) {
        using Bits = detail::BitsOf<sizeof(Stored)>;
        for (std::size_t i = 0; i < tensor.size(); ++i) {
            Bits bits = 0;
            if constexpr (std::is_same_v<Stored, half>) bits = to_half(tensor.numbers<float>()[i]).bits;
            else if constexpr (std::is_same_v<Stored, bfloat16>) bits = to_bfloat16(tensor.numbers<float>()[i]).bits;
            else if constexpr (std::is_integral_v<Stored>) bits = static_cast<Bits>(tensor.numbers<std::int64_t>()[i]);
            else bits = std::bit_cast<Bits>(tensor.numbers<Stored>()[i]);
            for (std::size_t j = 0; j < sizeof(Bits); ++j)
                bytes.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(bits) >> 8 * j & 0xFFu));
        }
    });
    return bytes;
}

}  // namespace taxon::onnx
