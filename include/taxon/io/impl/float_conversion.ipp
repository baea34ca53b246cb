#pragma once
#include <bit>
#include <cstdint>
#include <taxon/io/byte_reader.hpp>
#include <taxon/number/half.hpp>

namespace taxon::io {

TAXON_DECL void to_floats(Element element, std::span<const std::byte> bytes, std::span<float> to) {
    const auto convert = [&]<class Bits>(Bits, auto value) {
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = value(little_endian<Bits>(bytes.subspan(i * sizeof(Bits)).template first<sizeof(Bits)>()));
    };
    switch (element) {
        case Element::float32: return convert(std::uint32_t{}, [](auto bits) { return std::bit_cast<float>(bits); });
        case Element::float64:
            return convert(std::uint64_t{}, [](auto bits) { return static_cast<float>(std::bit_cast<double>(bits)); });
        case Element::float16: return convert(std::uint16_t{}, [](auto bits) { return to_float(half{bits}); });
        case Element::bfloat16: return convert(std::uint16_t{}, [](auto bits) { return to_float(bfloat16{bits}); });
        case Element::uint8: return convert(std::uint8_t{}, [](auto bits) { return static_cast<float>(bits); });
        case Element::int8:
            return convert(std::uint8_t{},
                           [](auto bits) { return static_cast<float>(static_cast<std::int8_t>(bits)); });
        case Element::int16:
            return convert(std::uint16_t{},
                           [](auto bits) { return static_cast<float>(static_cast<std::int16_t>(bits)); });
        case Element::int32:
            return convert(std::uint32_t{},
                           [](auto bits) { return static_cast<float>(static_cast<std::int32_t>(bits)); });
        case Element::int64:
            return convert(std::uint64_t{},
                           [](auto bits) { return static_cast<float>(static_cast<std::int64_t>(bits)); });
        case Element::boolean: return convert(std::uint8_t{}, [](auto bits) { return bits == 0 ? 0.0f : 1.0f; });
    }
}

}  // namespace taxon::io
