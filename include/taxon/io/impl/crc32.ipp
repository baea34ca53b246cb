#pragma once

namespace taxon::io {

TAXON_DECL std::uint32_t Crc32::of(std::span<const std::byte> bytes) {
    std::uint32_t remainder = 0xFFFFFFFFu;
    while (bytes.size() >= step) {
        remainder = sixteen(remainder, bytes.data());
        bytes = bytes.subspan(step);
    }
    for (const std::byte byte : bytes) remainder = one(remainder, std::to_integer<std::uint8_t>(byte));
    return ~remainder;
}

}  // namespace taxon::io
