#pragma once
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>

namespace taxon::io {

/// The bytes as characters; no copy.
inline std::string_view as_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Decodes a little-endian number at any alignment.
template <std::unsigned_integral Number>
Number little_endian(std::span<const std::byte, sizeof(Number)> bytes) {
    Number number = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&number, bytes.data(), sizeof(Number));
    } else {
        for (std::size_t i = 0; i < sizeof(Number); ++i)
            number = static_cast<Number>(number | static_cast<Number>(std::to_integer<Number>(bytes[i]) << (8 * i)));
    }
    return number;
}

/// Reads bytes from front to back without allocating. Reading past the end is Fault::truncated.
class ByteReader {
  public:
    /// `place` names the data in errors: an entry of an archive, a header.
    explicit ByteReader(std::span<const std::byte> bytes, std::string_view place = {}) : bytes_(bytes), place_(place) {}

    std::size_t position() const { return position_; }
    std::size_t left() const { return bytes_.size() - position_; }

    std::span<const std::byte> take(std::uint64_t count) {
        if (count > left())
            throw Error(Fault::truncated, {.place = place(),
                                           .found = std::to_string(left()) + " bytes to the end",
                                           .wanted = std::to_string(count) + " bytes",
                                           .remedy = "fetch the file again"});
        const auto taken = bytes_.subspan(position_, static_cast<std::size_t>(count));
        position_ += static_cast<std::size_t>(count);
        return taken;
    }

    template <std::unsigned_integral Number>
    Number little() {
        return little_endian<Number>(take(sizeof(Number)).template first<sizeof(Number)>());
    }

    std::uint8_t byte() { return little<std::uint8_t>(); }

    /// The characters before the next line feed, which is consumed. A line of more than `longest` characters is
    /// Fault::limit.
    std::string_view line(std::size_t longest) {
        const std::string_view rest = as_text(bytes_.subspan(position_));
        const std::size_t end = rest.substr(0, longest + 1).find('\n');
        if (end == rest.npos && rest.size() > longest)
            throw Error(Fault::limit, {.place = place(),
                                       .found = "a longer line",
                                       .wanted = "at most " + std::to_string(longest) + " characters"});
        if (end == rest.npos)
            throw Error(Fault::truncated,
                        {.place = place(), .found = "no end of line", .remedy = "fetch the file again"});
        position_ += end + 1;
        return rest.substr(0, end);
    }

    /// The name of the data.
    std::string_view name() const { return place_; }

    /// The current position for errors: "data.pkl, byte 12".
    std::string place() const {
        return (place_.empty() ? "" : std::string(place_) + ", ") + "byte " + std::to_string(position_);
    }

  private:
    std::span<const std::byte> bytes_;
    std::string_view place_;
    std::size_t position_ = 0;
};

}  // namespace taxon::io
