#pragma once
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace taxon::app {

/// From `least` to `most`, inclusive: the samples of a run, or the tokens of a text.
struct SizeRange {
    int least = 1, most = 1;
    bool operator==(const SizeRange&) const = default;

    bool contains(std::size_t size) const {
        return size >= static_cast<std::size_t>(least) && size <= static_cast<std::size_t>(most);
    }
    bool contains(const SizeRange& other) const {
        return least <= other.least && other.least <= other.most && other.most <= most;
    }
    std::string text() const {
        return least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most);
    }

    /// As options spell it: "N" or "MIN:MAX".
    std::string option() const {
        return least == most ? std::to_string(least) : std::to_string(least) + ":" + std::to_string(most);
    }

    /// Parses "N" or "MIN:MAX", in order and within `built`; nothing if the text is invalid.
    static std::optional<SizeRange> parse(std::string_view text, const SizeRange& built) {
        const auto colon = text.find(':');
        SizeRange range;
        const bool read = number(text.substr(0, colon), range.least) &&
                          number(text.substr(colon == text.npos ? 0 : colon + 1), range.most);
        return read && built.contains(range) ? std::optional(range) : std::nullopt;
    }

  private:
    static bool number(std::string_view digits, int& value) {
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return failure == std::errc() && end == digits.data() + digits.size();
    }
};

/// The examples' compiled ranges: batches of Mutable<1, 256>, texts with their two or three special tokens up to 512.
inline constexpr SizeRange built_batches{1, 256}, built_lengths{3, 512};
/// Tokens of a text, unless the command line says otherwise.
inline constexpr int usual_length = 128;

}  // namespace taxon::app
