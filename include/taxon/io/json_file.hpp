#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <taxon/core/error.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/mapped_file.hpp>

namespace taxon::io {

/// What read(text) makes of a JSON file. Throws Fault::io, ::limit for a file of more than `most` bytes, and as `read`
/// does, naming the file.
template <class Read>
auto read_json_file(const std::filesystem::path& path, std::uintmax_t most, Read&& read) {
    try {
        const MappedFile file(path);
        if (file.bytes().size() > most)
            throw Error(Fault::limit, {.found = std::to_string(file.bytes().size()) + " bytes",
                                       .wanted = "at most " + std::to_string(most) + " of JSON"});
        return read(as_text(file.bytes()));
    } catch (const Error& error) { throw error.in_file(path.string()); }
}

}  // namespace taxon::io
