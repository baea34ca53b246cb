#pragma once
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/float_conversion.hpp>

namespace taxon::io {

TAXON_DECL DarknetFile::DarknetFile(const std::filesystem::path& path) : file_(path) {
    try {
        floats_ = read(file_.bytes());
    } catch (const Error& error) { throw error.in_file(path.string()); }
}

TAXON_DECL bool DarknetFile::is_meant(std::span<const std::byte> file) {
    if (file.size() < 2 * sizeof(std::uint32_t)) return false;
    const auto major = little_endian<std::uint32_t>(file.first<4>()),
               minor = little_endian<std::uint32_t>(file.subspan<4, 4>());
    return major == 0 && (minor == 1 || minor == 2);
}

TAXON_DECL void DarknetFile::read(std::size_t first, std::span<float> to) const {
    to_floats(Element::float32, floats_.subspan(first * sizeof(float), to.size_bytes()), to);
}

TAXON_DECL std::span<const std::byte> DarknetFile::read(std::span<const std::byte> file) {
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

}  // namespace taxon::io
