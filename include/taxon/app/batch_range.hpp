#pragma once
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace taxon::app {

/// How many samples a run may have, both ends included.
struct BatchRange {
    static constexpr int most_built = 256;  ///< the examples' Mutable<1, 256>

    int least = 1, most = most_built;
    bool operator==(const BatchRange&) const = default;

    bool contains(std::size_t batch) const { return batch >= static_cast<std::size_t>(least) && batch <= static_cast<std::size_t>(most); }
    std::string text() const { return least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most); }

    /// Reads "N" or "MIN:MAX", numbers from 1 to 256 in order; nothing if the text is no such thing.
    static std::optional<BatchRange> parse(std::string_view text) {
        const auto colon = text.find(':');
        BatchRange range;
        const bool read = number(text.substr(0, colon), range.least) && number(text.substr(colon == text.npos ? 0 : colon + 1), range.most);
        return read && range.sensible() ? std::optional(range) : std::nullopt;
    }

    bool sensible() const { return 1 <= least && least <= most && most <= most_built; }

  private:
    static bool number(std::string_view digits, int& value) {
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return failure == std::errc() && end == digits.data() + digits.size();
    }
};

}  // namespace taxon::app
