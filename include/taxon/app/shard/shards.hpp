#pragma once
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace taxon::app {

/// The parts of a data set that a result covers: "0/3" is the first of three, "0,2/3" the first and the last merged.
/// Part i of n has the pictures i, i + n, i + 2n, … in the data set's order.
struct Shards {
    std::vector<std::size_t> parts{0};  ///< ascending
    std::size_t of = 1;

    /// Nothing if the text is invalid: a part that is not below the number of parts, a repeated part, any surrounding
    /// text.
    static std::optional<Shards> parse(std::string_view text) {
        Shards shards{{}, 0};
        const auto slash = text.find('/');
        if (slash == std::string_view::npos || !number(text.substr(slash + 1), shards.of)) return std::nullopt;
        for (text = text.substr(0, slash);;) {
            const auto comma = text.find(',');
            if (!number(text.substr(0, comma), shards.parts.emplace_back())) return std::nullopt;
            if (comma == std::string_view::npos) break;
            text.remove_prefix(comma + 1);
        }
        std::sort(shards.parts.begin(), shards.parts.end());
        const bool twice = std::adjacent_find(shards.parts.begin(), shards.parts.end()) != shards.parts.end();
        return twice || shards.parts.back() >= shards.of ? std::nullopt : std::optional(shards);
    }

    std::string text() const {
        std::string list;
        for (const auto part : parts) list += (list.empty() ? "" : ",") + std::to_string(part);
        return list + "/" + std::to_string(of);
    }

    bool complete() const { return parts.size() == of; }

    bool contains(std::size_t part) const { return std::binary_search(parts.begin(), parts.end(), part); }

    /// The first of those that are not here, and how many there are: "2, 5 of 8".
    std::string missing() const {
        constexpr std::size_t most = 20;
        std::string list;
        std::size_t named = 0;
        for (std::size_t part = 0; part < of && named <= most; ++part) {
            if (contains(part)) continue;
            const std::string name = named < most ? std::to_string(part) : "…";
            list += (named++ == 0 ? "" : ", ") + name;
        }
        return list + " of " + std::to_string(of);
    }

    /// The number of pictures, of `total`, in these parts.
    std::size_t size(std::size_t total) const {
        std::size_t sum = 0;
        for (const auto part : parts) sum += total > part ? (total - part - 1) / of + 1 : 0;
        return sum;
    }

    /// True if they have a part in common. Both must be parts of as many.
    bool overlap(const Shards& other) const {
        return std::any_of(parts.begin(), parts.end(), [&](std::size_t part) { return other.contains(part); });
    }

    void join(const Shards& other) {
        parts.insert(parts.end(), other.parts.begin(), other.parts.end());
        std::sort(parts.begin(), parts.end());
    }

  private:
    static bool number(std::string_view digits, std::size_t& value) {
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return failure == std::errc() && end == digits.data() + digits.size() && !digits.empty();
    }
};

}  // namespace taxon::app
