#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace taxon::io {

/// Kinds of pickled values. `name` is a class or function by its name only; `call` and `object` record what Python
/// would have called with which arguments. Nothing is looked up and nothing is called.
enum class PickleKind : std::uint8_t {
    none,
    boolean,
    integer,
    big_integer,
    real,
    text,
    bytes,
    tuple,
    list,
    dict,
    set,
    name,
    call,
    object,
    persistent
};

constexpr std::string_view name_of(PickleKind kind) {
    constexpr std::string_view names[] = {"None",    "a bool",    "an integer",     "an integer of more than 64 bits",
                                          "a float", "a string",  "bytes",          "a tuple",
                                          "a list",  "a dict",    "a set",          "a name",
                                          "a call",  "an object", "a persistent id"};
    return names[static_cast<int>(kind)];
}

/// A pickled value as a tree (or graph: values can be shared) of nodes in one array. Text and bytes are views into the
/// program.
class Pickle {
  public:
    /// A value of this pickle.
    enum class Node : std::uint32_t {};
    static constexpr Node nothing{0};  ///< always None

    PickleKind kind(Node node) const { return at(node).kind; }
    Node root() const { return root_; }
    std::size_t size() const { return cells_.size(); }
    /// Of the program, and of what follows it in its file.
    std::size_t bytes() const { return program_.size(); }

    bool boolean(Node node) const { return at(node).scalar != 0; }
    std::int64_t integer(Node node) const { return static_cast<std::int64_t>(at(node).scalar); }
    double real(Node node) const { return std::bit_cast<double>(at(node).scalar); }
    /// Text and bytes of a node.
    std::string_view text(Node node) const {
        return program_.substr(static_cast<std::size_t>(at(node).scalar), at(node).first);
    }

    /// Elements of a tuple.
    std::span<const Node> tuple(Node node) const { return std::span(links_).subspan(at(node).first, at(node).second); }

    /// Elements that APPENDS, ADDITEMS or SETITEMS gave to a list, set, dict, call or object, in order; keys and values
    /// alternate.
    std::vector<Node> items(Node node) const {
        std::vector<Node> all;
        for (std::uint32_t run = at(node).first; run != 0; run = runs_[run].next) {
            const auto some = std::span(links_).subspan(runs_[run].first, runs_[run].count);
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }

    /// The callee, or an object's class: a name or a persistent id.
    Node callee(Node node) const { return Node{static_cast<std::uint32_t>(at(node).scalar)}; }
    /// The argument tuple of the call.
    Node arguments(Node node) const { return Node{static_cast<std::uint32_t>(at(node).scalar >> 32)}; }
    /// The state that BUILD gave to a call or object, or `nothing`.
    Node state(Node node) const { return at(node).state; }
    /// The contents of a persistent id.
    Node identity(Node node) const { return at(node).state; }

    /// "collections.OrderedDict" for a name, or for the callee of a call or object; empty otherwise.
    std::string full_name(Node node) const {
        const Node name = kind(node) == PickleKind::call || kind(node) == PickleKind::object ? callee(node) : node;
        if (kind(name) != PickleKind::name) return {};
        return std::string(text(Node{at(name).first})) + "." + std::string(text(Node{at(name).second}));
    }

    /// The value of a text key in `items`; the last one, as in Python.
    std::optional<Node> find(Node node, std::string_view key) const {
        std::optional<Node> found;
        const std::vector<Node> all = items(node);
        for (std::size_t i = 0; i + 1 < all.size(); i += 2)
            if (kind(all[i]) == PickleKind::text && text(all[i]) == key) found = all[i + 1];
        return found;
    }

  private:
    friend class PickleBuilder;

    struct Cell {
        PickleKind kind = PickleKind::none;
        std::uint16_t depth = 0;  // nesting depth of the containers below, when the node was made
        // text, bytes: length. tuple: first link. list, dict, set, call, object: first run. name: module
        std::uint32_t first = 0;
        // tuple: count of links. list, dict, set, call, object: last run. name: qualified name
        std::uint32_t second = 0;
        Node state{0};
        // numbers: the value. text, bytes: offset. call, object: callee below, arguments above
        std::uint64_t scalar = 0;
    };
    struct Run {
        std::uint32_t first = 0, count = 0, next = 0;
    };

    const Cell& at(Node node) const { return cells_[static_cast<std::uint32_t>(node)]; }

    std::string_view program_;
    std::vector<Cell> cells_{Cell{}};
    std::vector<Node> links_;
    std::vector<Run> runs_{Run{}};  // the first means "none"
    Node root_{0};
};

}  // namespace taxon::io
