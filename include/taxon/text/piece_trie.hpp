#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>

namespace taxon::text {

/// A trie: strings with a number each, one transition per byte, all transitions in one open-addressing hash table. A
/// search reads a text once, from any node on, and does not allocate, so finding the longest string that a text starts
/// with costs no more than that string's length.
class PieceTrie {
  public:
    using Node = std::uint32_t;
    static constexpr Node root = 0, nowhere = 0xFFFFFFFF;
    static constexpr std::int32_t nothing = -1;
    /// a transition's key has 24 bits for the node and 8 for the byte
    static constexpr std::size_t most_nodes = std::size_t{1} << 24;

    struct Match {
        std::int32_t number = nothing;
        std::size_t length = 0;
    };

    PieceTrie() : numbers_{nothing} { grow(1024); }

    /// Adds a non-empty string. Returns the number it already has, or `nothing` if it was new. Throws Fault::limit.
    std::int32_t insert(std::string_view string, std::int32_t number) {
        Node node = root;
        for (const char c : string) node = make_next(node, c);
        if (numbers_[node] != nothing) return numbers_[node];
        numbers_[node] = number;
        return nothing;
    }

    /// The node that a string leads to, or `nowhere` if no inserted string starts with it.
    Node find(std::string_view string) const {
        Node node = root;
        for (std::size_t i = 0; i < string.size() && node != nowhere; ++i) node = next(node, string[i]);
        return node;
    }

    std::int32_t number_at(Node node) const { return node == nowhere ? nothing : numbers_[node]; }

    /// The longest prefix of `text` that leads from `from` to the end of a string.
    Match longest(Node from, std::string_view text) const {
        Match best;
        Node node = from;
        for (std::size_t i = 0; i < text.size(); ++i) {
            node = next(node, text[i]);
            if (node == nowhere) break;
            if (numbers_[node] != nothing) best = {numbers_[node], i + 1};
        }
        return best;
    }

  private:
    struct Transition {
        std::uint32_t key = nowhere;
        Node to = nowhere;
    };

    static std::uint32_t key_of(Node node, char c) { return node << 8 | static_cast<unsigned char>(c); }

    /// The transition's slot, or the free slot where it would go.
    std::size_t slot_of(std::uint32_t key) const {
        // Fibonacci hashing spreads neighbouring keys
        std::size_t slot = (key * 0x9E3779B97F4A7C15u) >> shift_;
        while (table_[slot].key != key && table_[slot].key != nowhere) slot = (slot + 1) & (table_.size() - 1);
        return slot;
    }

    Node next(Node node, char c) const { return table_[slot_of(key_of(node, c))].to; }

    Node make_next(Node node, char c) {
        const std::uint32_t key = key_of(node, c);
        const std::size_t slot = slot_of(key);
        if (table_[slot].to != nowhere) return table_[slot].to;
        if (numbers_.size() == most_nodes - 1)
            throw Error(Fault::limit,
                        {.place = "vocabulary",
                         .found = "more text",
                         .wanted = "at most " + std::to_string(most_nodes) + " different beginnings of tokens"});
        const auto made = static_cast<Node>(numbers_.size());
        numbers_.push_back(nothing);
        table_[slot] = {key, made};
        if (2 * numbers_.size() > table_.size()) grow(2 * table_.size());
        return made;
    }

    void grow(std::size_t size) {
        const auto old = std::exchange(table_, std::vector<Transition>(size));
        shift_ = 64;
        while (size > 1) --shift_, size /= 2;
        for (const Transition& transition : old)
            if (transition.to != nowhere) table_[slot_of(transition.key)] = transition;
    }

    std::vector<Transition> table_;  ///< size a power of two, at most half full
    int shift_ = 0;
    std::vector<std::int32_t> numbers_;  ///< by node
};

}  // namespace taxon::text
