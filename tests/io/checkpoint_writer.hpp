#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <vector>

#include "io/pickle_writer.hpp"
#include "io/zip_writer.hpp"

namespace taxon::test {

/// Numbers as they lie in memory.
template <class Number>
std::string bytes_of(std::initializer_list<Number> numbers) {
    std::string bytes(numbers.size() * sizeof(Number), '\0');
    std::memcpy(bytes.data(), numbers.begin(), bytes.size());
    return bytes;
}

inline std::span<const std::byte> as_span(const std::string& bytes) { return std::as_bytes(std::span(bytes)); }

/// The storage '0' that pickled::storage() speaks of: 1, 2, 3, 4, 5, 6 in float32.
inline const std::string six_floats = bytes_of<float>({1, 2, 3, 4, 5, 6});

/// The parts of a checkpoint in torch's zip format.
inline std::vector<ZipPart> zip_parts(const std::string& pickle,
                                      const std::map<std::string, std::string>& storages = {{"0", six_floats}}) {
    std::vector<ZipPart> parts{{.name = "root/data.pkl", .bytes = pickle},
                               {.name = "root/byteorder", .bytes = "little"}};
    for (const auto& [key, bytes] : storages) parts.push_back({.name = "root/data/" + key, .bytes = bytes});
    parts.push_back({.name = "root/version", .bytes = "3\n"});
    return parts;
}

/// A checkpoint {"w": value} in torch's zip format.
inline std::string zip_checkpoint(const std::string& value) {
    return zip_of(zip_parts(pickled::program(pickled::dict({pickled::text("w"), value})))).bytes;
}

/// The parts of a checkpoint in torch's older format.
struct LegacyParts {
    std::string magic = std::string("\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19\x2E", 15);
    std::string version = pickled::program("M" + pickled::little(1001, 2));
    std::string machine = pickled::program(pickled::dict({pickled::text("little_endian"), pickled::yes}));
    std::string object{};
    std::string keys = pickled::program(pickled::list({pickled::text("0")}));
    std::string blocks = pickled::little(6, 8) + six_floats;

    std::string bytes() const { return magic + version + machine + object + keys + blocks; }
};

/// A storage in the older format; `view` is None or (key, offset, count).
inline std::string legacy_storage(std::string_view key = "0", std::int64_t count = 6,
                                  const std::string& view = pickled::none) {
    using namespace pickled;
    return tuple({text("storage"), name("torch", "FloatStorage"), text(key), text("cpu"), integer(count), view}) + "Q";
}

inline std::string legacy_tensor(const std::string& storage = legacy_storage(),
                                 std::initializer_list<std::int64_t> sizes = {6}) {
    return pickled::rebuild(storage, pickled::integer(0), pickled::integers(sizes), pickled::integers({1}));
}

/// The fault of the error that `act` throws, or nothing.
template <class Act>
std::optional<Fault> fault_of(Act&& act) {
    try {
        act();
    } catch (const Error& error) { return error.fault(); }
    return std::nullopt;
}

/// "checksum", "nothing thrown": what a failed check prints.
inline std::string spelt(std::optional<Fault> fault) { return fault ? std::string(name_of(*fault)) : "nothing thrown"; }

}  // namespace taxon::test
