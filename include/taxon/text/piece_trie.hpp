#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <taxon/text/token_list.hpp>

namespace taxon::text {

/// A trie over the strings of a TokenList that start with a prefix, which is left off: a node for each string and for
/// each place where strings part. So it is made in time and memory linear in the list, but for sorting it, whatever its
/// strings are; a search reads a text once and does not allocate, and finding the longest string that a text starts
/// with costs no more than that string's length. The list, of less than 4 GiB, must be passed to every search.
class PieceTrie {
  public:
    static constexpr std::int32_t nothing = -1;

    struct Match {
        std::int32_t number = nothing;
        std::size_t length = 0;
    };

    PieceTrie() = default;
    explicit PieceTrie(const TokenList& list, std::string_view prefix = {}) {
        std::vector<Sorted> sorted;
        for (std::size_t i = 0; i < list.size(); ++i)
            if (list[i].size() > prefix.size() && list[i].starts_with(prefix))
                sorted.push_back({first_eight(list[i]), static_cast<std::uint32_t>(i)});
        std::sort(sorted.begin(), sorted.end(), [&](const Sorted& a, const Sorted& b) {
            if (a.start != b.start) return a.start < b.start;
            const int order = list[a.string].compare(list[b.string]);
            return order < 0 || (order == 0 && a.string < b.string);  // of equal strings, the first comes first
        });
        build(list, sorted, prefix.size());
    }

    /// Nodes; at most two for each string, and the root.
    std::size_t size() const { return nodes_.size(); }

    /// The first string of the list that stands in it earlier as well, or `nothing`.
    std::int32_t repeated() const { return repeated_; }

    /// True if a string starts with this byte.
    bool starts_with(char byte) const { return of_first_byte_[static_cast<unsigned char>(byte)] != 0; }

    /// The longest string that `text` starts with; of equal ones, the first in the list.
    Match longest(const TokenList& list, std::string_view text) const {
        Match best;
        if (text.empty() || nodes_.empty()) return best;
        const char* const labels = list.bytes().data();
        std::uint32_t next = of_first_byte_[static_cast<unsigned char>(text[0])];
        for (std::size_t at = 0; next != 0;) {
            const Node& node = nodes_[next];
            if (node.size > text.size() - at) break;
            // the first byte is that of the text already; the others are few
            std::uint32_t alike = 1;
            while (alike < node.size && labels[node.label + alike] == text[at + alike]) ++alike;
            if (alike < node.size) break;
            at += node.size;
            if (node.number != nothing) best = {node.number, at};
            if (at == text.size()) break;
            const char* const child = bytes_.data() + node.child;
            std::uint32_t which = 0;
            while (which < node.children && child[which] != text[at]) ++which;
            next = which < node.children ? node.child + which : 0;
        }
        return best;
    }

    /// The number of a string without its prefix, or `nothing`.
    std::int32_t find(const TokenList& list, std::string_view string) const {
        const Match match = longest(list, string);
        return match.length == string.size() ? match.number : nothing;
    }

  private:
    /// What strings here have more than those at the parent is its label, a part of the list's bytes.
    struct Node {
        std::uint32_t label = 0, size = 0;
        std::uint32_t child = 0, children = 0;  ///< the first of them, and how many
        std::int32_t number = nothing;
    };

    /// A string with its first bytes, which most comparisons need not look beyond.
    struct Sorted {
        std::uint64_t start;
        std::uint32_t string;
    };

    static std::uint64_t first_eight(std::string_view string) {
        std::uint64_t bytes = 0;
        for (std::size_t i = 0; i < 8; ++i)
            bytes = bytes << 8 | (i < string.size() ? static_cast<unsigned char>(string[i]) : 0u);
        return bytes;
    }

    /// Strings of the sorted list that lead to a node or through it, and their bytes up to it.
    struct Range {
        std::size_t first, last, depth;
    };

    void build(const TokenList& list, const std::vector<Sorted>& sorted, std::size_t skipped) {
        std::vector<Range> ranges{{0, sorted.size(), skipped}};  // of each node
        nodes_.emplace_back();
        bytes_.push_back('\0');
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            auto [at, last, depth] = ranges[i];
            for (; at < last && list[sorted[at].string].size() == depth; ++at) {
                const auto number = static_cast<std::int32_t>(sorted[at].string);
                if (nodes_[i].number == nothing) nodes_[i].number = number;
                else if (repeated_ == nothing || number < repeated_) repeated_ = number;
            }
            nodes_[i].child = static_cast<std::uint32_t>(nodes_.size());
            while (at < last) {
                const std::uint32_t string = sorted[at].string;
                const char byte = list[string][depth];
                const std::size_t first = at;
                while (at < last && list[sorted[at].string][depth] == byte) ++at;
                // sorted: what the first and the last have in common, all between have
                const std::string_view a = list[string].substr(depth), b = list[sorted[at - 1].string].substr(depth);
                const auto common =
                    static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
                nodes_.push_back({.label = static_cast<std::uint32_t>(list.start(string) + depth),
                                  .size = static_cast<std::uint32_t>(common)});
                bytes_.push_back(byte);
                ranges.push_back({first, at, depth + common});
                ++nodes_[i].children;
            }
        }
        for (std::uint32_t child = nodes_[0].child; child < nodes_[0].child + nodes_[0].children; ++child)
            of_first_byte_[static_cast<unsigned char>(bytes_[child])] = child;
    }

    std::vector<Node> nodes_;                         ///< the root first; a node's children lie side by side
    std::string bytes_;                               ///< the first byte of each node's label
    std::array<std::uint32_t, 256> of_first_byte_{};  ///< the root's children; 0 where there is none
    std::int32_t repeated_ = nothing;
};

}  // namespace taxon::text
