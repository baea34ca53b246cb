#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/float_conversion.hpp>
#include <taxon/io/mapped_file.hpp>
#include <utility>

namespace taxon::io {

/// Weights as Darknet writes them (src/parser.c, save_weights_upto): three integers for the version; the number of
/// images seen, 64 bits from version 0.2 on and 32 before; then floats to the end of the file, without names, in the
/// order of the network's layers.
class DarknetFile {
  public:
    explicit DarknetFile(const std::filesystem::path& path) : file_(path) {
        try {
            floats_ = read(file_.bytes());
        } catch (const Error& error) { throw error.in_file(path.string()); }
    }

    /// True if a file starts like every published one: version 0.1 or 0.2 in 32 bits each. The format has no other
    /// signature.
    static bool is_meant(std::span<const std::byte> file) {
        if (file.size() < 2 * sizeof(std::uint32_t)) return false;
        const auto major = little_endian<std::uint32_t>(file.first<4>()),
                   minor = little_endian<std::uint32_t>(file.subspan<4, 4>());
        return major == 0 && (minor == 1 || minor == 2);
    }

    std::string origin() const { return file_.path().string(); }
    std::string version() const { return "0." + std::to_string(minor_); }
    std::uint64_t images_seen() const { return images_seen_; }  ///< in training
    std::size_t size() const { return floats_.size() / sizeof(float); }

    /// Floats from `first` on. They must exist.
    void read(std::size_t first, std::span<float> to) const {
        to_floats(Element::float32, floats_.subspan(first * sizeof(float), to.size_bytes()), to);
    }

  private:
    std::span<const std::byte> read(std::span<const std::byte> file) {
        ByteReader reader(file, "header");
        const auto major = reader.little<std::uint32_t>(), minor = reader.little<std::uint32_t>();
        reader.little<std::uint32_t>();
        if (!is_meant(file))
            throw Error(Fault::version, {.place = "header",
                                         .found = "version " + std::to_string(major) + "." + std::to_string(minor),
                                         .wanted = "version 0.1 or 0.2"});
        minor_ = minor;
        images_seen_ = minor >= 2 ? reader.little<std::uint64_t>() : reader.little<std::uint32_t>();
        if (reader.left() % sizeof(float) != 0)
            throw Error(Fault::truncated, {.place = "weights",
                                           .found = std::to_string(reader.left()) + " bytes",
                                           .wanted = "whole floats",
                                           .remedy = "fetch the file again"});
        return reader.take(reader.left());
    }

    MappedFile file_;
    std::span<const std::byte> floats_{};
    std::uint32_t minor_ = 0;
    std::uint64_t images_seen_ = 0;
};

}  // namespace taxon::io
