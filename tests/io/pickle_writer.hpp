#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

/// Pickle programs from their parts: each function gives the opcodes that push one value.
namespace taxon::test::pickled {

inline std::string little(std::uint64_t number, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i, number >>= 8) text += static_cast<char>(number & 0xFFu);
    return text;
}

inline const std::string none = "N", yes = "\x88", no = "\x89";

inline std::string integer(std::int64_t number) {
    const bool is_short = number >= -2147483648LL && number <= 2147483647LL;
    return is_short ? "J" + little(static_cast<std::uint64_t>(number), 4)
                    : "\x8A\x08" + little(static_cast<std::uint64_t>(number), 8);
}
inline std::string real(std::string_view eight_bytes_big_endian) { return "G" + std::string(eight_bytes_big_endian); }
inline std::string text(std::string_view characters) {
    return "X" + little(characters.size(), 4) + std::string(characters);
}
inline std::string name(std::string_view module, std::string_view qualified) {
    return "c" + std::string(module) + "\n" + std::string(qualified) + "\n";
}

inline std::string joined(const std::vector<std::string>& values) {
    std::string all;
    for (const std::string& value : values) all += value;
    return all;
}
inline std::string tuple(const std::vector<std::string>& values) { return "(" + joined(values) + "t"; }
inline std::string list(const std::vector<std::string>& values) { return "](" + joined(values) + "e"; }
/// Keys and values in turn.
inline std::string dict(const std::vector<std::string>& values) { return "}(" + joined(values) + "u"; }

inline std::string integers(std::initializer_list<std::int64_t> numbers) {
    std::vector<std::string> values;
    for (const std::int64_t number : numbers) values.push_back(integer(number));
    return tuple(values);
}

inline std::string call(const std::string& callee, const std::vector<std::string>& arguments) {
    return callee + tuple(arguments) + "R";
}
inline std::string object(const std::string& type, const std::string& state) { return type + ")\x81" + state + "b"; }
inline std::string ordered_dict(const std::vector<std::string>& values = {}) {
    return call(name("collections", "OrderedDict"), {}) + "(" + joined(values) + "u";
}

inline std::string storage(std::string_view key = "0", std::int64_t count = 6,
                           const std::string& type = name("torch", "FloatStorage")) {
    return tuple({text("storage"), type, text(key), text("cpu"), integer(count)}) + "Q";
}

inline std::string rebuild(const std::string& storage, const std::string& offset, const std::string& sizes,
                           const std::string& strides) {
    return call(name("torch._utils", "_rebuild_tensor_v2"), {storage, offset, sizes, strides, no, ordered_dict()});
}
inline std::string tensor(std::initializer_list<std::int64_t> sizes = {2, 3},
                          std::initializer_list<std::int64_t> strides = {3, 1}, std::int64_t offset = 0) {
    return rebuild(storage(), integer(offset), integers(sizes), integers(strides));
}

inline std::string program(const std::string& value, int protocol = 2) {
    return std::string("\x80") + static_cast<char>(protocol) + value + ".";
}

}  // namespace taxon::test::pickled
