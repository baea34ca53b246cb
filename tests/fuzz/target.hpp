#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace taxon::fuzz {

/// A reader of files from strangers, to be fuzzed: it may throw taxon::Error and nothing else, and may allocate 64 MiB
/// and twice its input, and four bytes for each pixel of a picture.
struct Target {
    std::string_view name;
    /// Reads the bytes to the end, and returns how many pixels it was to decode.
    std::size_t (*read)(std::span<const std::byte> bytes);
    std::vector<std::string> (*seeds)();  ///< valid inputs, from which mutation starts
    std::vector<std::string> words{};     ///< the dictionary: what mutation may insert
    bool sealed = false;                  ///< checksums cover every bit
    /// Mends the checksums of mutated bytes, so that what lies behind them is reached.
    void (*mend)(std::string& bytes) = nullptr;
};

std::vector<Target> weight_targets();
std::vector<Target> picture_targets();
std::vector<Target> text_targets();
std::vector<Target> network_targets();
std::vector<Target> command_line_targets();
std::vector<Target> lowering_targets();

/// What holds for every input that is accepted; else something was found.
inline void hold(bool truth) {
    if (!truth) throw std::logic_error("a reader's promise is broken");
}

/// The path of a file in memory that holds the bytes until the next call: for readers of files.
std::filesystem::path file_of(std::span<const std::byte> bytes);

inline std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace taxon::fuzz
