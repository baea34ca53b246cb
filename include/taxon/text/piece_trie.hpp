#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/text/token_list.hpp>

namespace taxon::text {

/// A trie over the strings of a TokenList that start with a prefix, which is left off: a node for each string and for
/// each place where strings part. So it is made in time and memory linear in the list, whatever its strings are; a
/// search reads a text once and does not allocate, and finding the longest string that a text starts with costs no more
/// than that string's length. The list must be passed to every search.
class PieceTrie {
  public:
    static constexpr std::int32_t nothing = -1;

    struct Match {
        std::int32_t number = nothing;
        std::size_t length = 0;
    };

    PieceTrie() = default;
    explicit PieceTrie(const TokenList& list, std::string_view prefix = {}) {
        std::vector<std::uint32_t> sorted;
        for (std::size_t i = 0; i < list.size(); ++i)
            if (list[i].size() > prefix.size() && list[i].starts_with(prefix))
                sorted.push_back(static_cast<std::uint32_t>(i));
        // equal strings: the first comes first
        std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
            const int order = list[a].compare(list[b]);
            return order < 0 || (order == 0 && a < b);
        });
        build(list, sorted, prefix.size());
    }

    /// Nodes; at most two for each string, and the root.
    std::size_t size() const { return nodes_.size(); }

    /// The first bytes of all strings, each once.
    std::string_view first_bytes() const {
        return nodes_.empty() ? std::string_view()
                              : std::string_view(bytes_).substr(nodes_[0].child, nodes_[0].children);
    }

    /// The longest string that `text` starts with; of equal ones, the first in the list.
    Match longest(const TokenList& list, std::string_view text) const {
        Match best;
        if (nodes_.empty()) return best;
        const Node* node = nodes_.data();
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t which = std::string_view(bytes_).substr(node->child, node->children).find(text[at]);
            if (which == std::string_view::npos) break;
            node = &nodes_[node->child + which];
            const std::string_view label = list[node->string].substr(node->start, node->size);
            if (!text.substr(at).starts_with(label)) break;
            at += label.size();
            if (node->number != nothing) best = {node->number, at};
        }
        return best;
    }

    /// The number of a string without its prefix, or `nothing`.
    std::int32_t find(const TokenList& list, std::string_view string) const {
        const Match match = longest(list, string);
        return match.length == string.size() ? match.number : nothing;
    }

  private:
    /// Its label, what strings here have more than those at its parent, is a part of one of them.
    struct Node {
        std::uint32_t string = 0, start = 0, size = 0;
        std::uint32_t child = 0, children = 0;  ///< the first of them, and how many
        std::int32_t number = nothing;
    };

    /// Strings of the sorted list that lead to a node or through it.
    struct Range {
        std::size_t first, last;
    };

    void build(const TokenList& list, const std::vector<std::uint32_t>& sorted, std::size_t skipped) {
        std::vector<Range> ranges{{0, sorted.size()}};  // of each node
        nodes_.push_back({.size = static_cast<std::uint32_t>(skipped)});
        bytes_.push_back('\0');
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            auto [at, last] = ranges[i];
            const std::size_t depth = nodes_[i].start + nodes_[i].size;
            for (; at < last && list[sorted[at]].size() == depth; ++at)
                if (nodes_[i].number == nothing) nodes_[i].number = static_cast<std::int32_t>(sorted[at]);
            nodes_[i].child = static_cast<std::uint32_t>(nodes_.size());
            while (at < last) {
                const char byte = list[sorted[at]][depth];
                const std::size_t first = at;
                while (at < last && list[sorted[at]][depth] == byte) ++at;
                // sorted: what the first and the last have in common, all between have
                const std::string_view a = list[sorted[first]], b = list[sorted[at - 1]];
                const auto end = std::mismatch(a.begin() + static_cast<std::ptrdiff_t>(depth), a.end(),
                                               b.begin() + static_cast<std::ptrdiff_t>(depth), b.end());
                nodes_.push_back(
                    {.string = sorted[first],
                     .start = static_cast<std::uint32_t>(depth),
                     .size = static_cast<std::uint32_t>(end.first - a.begin()) - static_cast<std::uint32_t>(depth)});
                bytes_.push_back(byte);
                ranges.push_back({first, at});
                ++nodes_[i].children;
            }
        }
    }

    std::vector<Node> nodes_;  ///< the root first; a node's children lie side by side
    std::string bytes_;        ///< the first byte of each node's label
};

}  // namespace taxon::text
