#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/memory_budget.hpp>
#include <taxon/io/pickle.hpp>
#include <utility>
#include <vector>

namespace taxon::io {

/// Stack, marks, memo and values of a pickle machine, with the rules for which operation applies to which value. Every
/// operation takes time and memory proportional to what it pops.
class PickleBuilder {
  public:
    using Kind = PickleKind;
    using Node = Pickle::Node;

    /// `reader` stands at the pickle's start; its position is used in errors.
    PickleBuilder(const ByteReader& reader, const Limits& limits)
        : reader_(reader), limits_(limits),
          memory_(limits, std::min(reader.left(), limits.pickle_bytes), reader.name()) {
        ByteReader whole = reader;
        made_.program_ = as_text(whole.take(whole.left()));
    }

    /// The value left on the stack.
    Pickle finish() {
        if (!marks_.empty() || stack_.size() != 1)
            fail(Fault::syntax,
                 std::to_string(stack_.size()) + " values and " + std::to_string(marks_.size()) +
                     " open marks at the end",
                 "one value");
        made_.root_ = stack_.back();
        return std::move(made_);
    }

    // ---- the stack; values below the last mark are out of reach

    void push(Node node) {
        if (stack_.size() == limits_.pickle_stack) fail_at("a deeper stack", limits_.pickle_stack, "values");
        memory_.reserve(stack_, 1);
        stack_.push_back(node);
    }

    void mark() {
        if (marks_.size() == limits_.pickle_marks) fail_at("more open marks", limits_.pickle_marks, "marks");
        marks_.push_back(stack_.size());
    }

    std::span<const Node> pop(std::size_t count) {
        if (stack_.size() - (marks_.empty() ? 0 : marks_.back()) < count)
            fail(Fault::syntax, "too few values on the stack", std::to_string(count));
        return take_from(stack_.size() - count);
    }

    std::span<const Node> pop_to_mark() {
        if (marks_.empty()) fail(Fault::syntax, "no open mark", "one");
        const std::size_t first = marks_.back();
        marks_.pop_back();
        return take_from(first);
    }

    // ---- making values

    Node make(Kind kind) {
        if (made_.cells_.size() > limits_.pickle_values) fail_at("more values", limits_.pickle_values, "values");
        memory_.reserve(made_.cells_, 1);
        made_.cells_.push_back({.kind = kind});
        return Node{static_cast<std::uint32_t>(made_.cells_.size() - 1)};
    }

    void push_scalar(Kind kind, std::uint64_t scalar) {
        push(make(kind));
        cell(stack_.back()).scalar = scalar;
    }

    void push_view(Kind kind, std::span<const std::byte> bytes) {
        if (bytes.size() > limits_.pickle_bytes) fail_at("a longer string", limits_.pickle_bytes, "bytes");
        push_scalar(kind, static_cast<std::uint64_t>(as_text(bytes).data() - made_.program_.data()));
        cell(stack_.back()).first = static_cast<std::uint32_t>(bytes.size());
    }

    void push_tuple(std::span<const Node> members) {
        const Node tuple = make(Kind::tuple);
        cell(tuple).first = static_cast<std::uint32_t>(made_.links_.size());
        cell(tuple).second = static_cast<std::uint32_t>(members.size());
        cell(tuple).depth = depth_over(members);
        memory_.reserve(made_.links_, members.size());
        made_.links_.insert(made_.links_.end(), members.begin(), members.end());
        push(tuple);
    }

    // ---- the memo; torch numbers its slots without gaps, Python 2's cPickle from 1

    void memoize(std::size_t slot) {
        if (slot > memo_.size() + 1) fail(Fault::limit, "memo slot " + std::to_string(slot), "the next free one");
        top();
        if (slot >= memo_.size()) {
            memory_.reserve(memo_, slot + 1 - memo_.size());
            memo_.resize(slot + 1, unset);
        }
        memo_[slot] = stack_.back();
    }

    void memoize_next() { memoize(memo_.size()); }

    void recall(std::size_t slot) {
        if (slot >= memo_.size() || memo_[slot] == unset)
            fail(Fault::syntax, "memo slot " + std::to_string(slot), "one that was filled");
        push(memo_[slot]);
    }

    // ---- containers that grow

    void append(std::span<const Node> members) {
        const Kind kind = top().kind;
        if (kind != Kind::list && kind != Kind::object && !is_call_of({"collections.deque"}))
            fail(Fault::type, "an append to " + std::string(name_of(kind)), "a list");
        add_run(top(), members);
    }

    void set_items(std::span<const Node> pairs) {
        const Kind kind = top().kind;
        if (kind != Kind::dict && kind != Kind::object &&
            !is_call_of({"collections.OrderedDict", "collections.defaultdict", "collections.Counter"}))
            fail(Fault::type, "items set in " + std::string(name_of(kind)), "a dict");
        if (pairs.size() % 2 != 0) fail(Fault::syntax, "a key without a value", "pairs");
        for (std::size_t i = 0; i < pairs.size(); i += 2)
            if (const Kind key = cell(pairs[i]).kind; key == Kind::list || key == Kind::dict || key == Kind::set)
                fail(Fault::type, std::string(name_of(key)) + " as a key", "a string or another constant");
        add_run(top(), pairs);
    }

    void add_items(std::span<const Node> members) {
        if (top().kind != Kind::set) fail(Fault::type, "items added to " + std::string(name_of(top().kind)), "a set");
        add_run(top(), members);
    }

    void freeze(std::span<const Node> members) {
        push(make(Kind::set));
        add_run(top(), members);
    }

    // ---- names, calls and objects

    void push_name(std::span<const Node> parts) {
        const Node module = parts[0], qualified = parts[1];
        for (const Node part : {module, qualified}) {
            if (cell(part).kind != Kind::text)
                fail(Fault::type, std::string(name_of(cell(part).kind)) + " in a name", "two strings");
            if (cell(part).first > limits_.name_bytes) fail_at("a longer name", limits_.name_bytes, "bytes");
        }
        push(make(Kind::name));
        cell(stack_.back()).first = static_cast<std::uint32_t>(module);
        cell(stack_.back()).second = static_cast<std::uint32_t>(qualified);
    }

    void push_call(Kind kind, std::span<const Node> parts) {
        const Node callee = parts[0], arguments = parts[1];
        if (cell(callee).kind != Kind::name && cell(callee).kind != Kind::persistent)
            fail(Fault::type, "a call of " + std::string(name_of(cell(callee).kind)), "a name");
        if (cell(arguments).kind != Kind::tuple)
            fail(Fault::type, std::string(name_of(cell(arguments).kind)) + " as arguments", "a tuple");
        const std::uint16_t depth = depth_over(parts.subspan(1));
        push_scalar(kind, static_cast<std::uint64_t>(callee) | static_cast<std::uint64_t>(arguments) << 32);
        cell(stack_.back()).depth = depth;
    }

    std::span<const Node> drop_keywords(std::span<const Node> parts) {
        if (cell(parts[2]).kind != Kind::dict)
            fail(Fault::type, std::string(name_of(cell(parts[2]).kind)) + " as keywords", "a dict");
        return parts.first(2);
    }

    void build(std::span<const Node> state) {
        Pickle::Cell& target = top();
        if (target.kind != Kind::object && target.kind != Kind::call)
            fail(Fault::type, "a state for " + std::string(name_of(target.kind)), "an object");
        if (target.state != Pickle::nothing) fail(Fault::syntax, "a second state for an object", "one");
        target.state = state[0];
        target.depth = std::max(target.depth, depth_over(state));
    }

    void push_persistent(std::span<const Node> identity) {
        const Node made = make(Kind::persistent);
        cell(made).state = identity[0];
        cell(made).depth = depth_over(identity);
        push(made);
    }

  private:
    static constexpr Node unset{std::numeric_limits<std::uint32_t>::max()};

    std::span<const Node> take_from(std::size_t first) {
        memory_.reserve(taken_, stack_.size() - first - std::min(stack_.size() - first, taken_.size()));
        taken_.assign(stack_.begin() + static_cast<std::ptrdiff_t>(first), stack_.end());
        stack_.resize(first);
        return taken_;
    }

    Pickle::Cell& top() {
        if (stack_.size() <= (marks_.empty() ? 0 : marks_.back()))
            fail(Fault::syntax, "an empty stack", "a value to work on");
        return cell(stack_.back());
    }

    Pickle::Cell& cell(Node node) { return made_.cells_[static_cast<std::uint32_t>(node)]; }

    std::uint16_t depth_over(std::span<const Node> members) {
        std::uint16_t deepest = 0;
        for (const Node member : members) deepest = std::max(deepest, cell(member).depth);
        constexpr std::size_t countable = std::numeric_limits<std::uint16_t>::max();
        if (deepest >= std::min(limits_.pickle_depth, countable))
            fail_at("values nested deeper", limits_.pickle_depth, "levels");
        return static_cast<std::uint16_t>(deepest + 1);
    }

    void add_run(Pickle::Cell& target, std::span<const Node> members) {
        if (members.empty()) return;
        target.depth = std::max(target.depth, depth_over(members));
        const auto run = static_cast<std::uint32_t>(made_.runs_.size());
        memory_.reserve(made_.runs_, 1);
        memory_.reserve(made_.links_, members.size());
        made_.runs_.push_back(
            {static_cast<std::uint32_t>(made_.links_.size()), static_cast<std::uint32_t>(members.size()), 0});
        made_.links_.insert(made_.links_.end(), members.begin(), members.end());
        if (target.first == 0) target.first = run;
        else made_.runs_[target.second].next = run;
        target.second = run;
    }

    bool is_call_of(std::initializer_list<std::string_view> names) {
        if (top().kind != Kind::call) return false;
        const std::string name = made_.full_name(stack_.back());
        return std::find(names.begin(), names.end(), name) != names.end();
    }

    [[noreturn]] void fail(Fault fault, std::string_view found, std::string_view wanted) const {
        throw Error(fault, {.place = reader_.place(), .found = found, .wanted = wanted});
    }
    [[noreturn]] void fail_at(std::string_view found, std::size_t limit, std::string_view unit) const {
        fail(Fault::limit, found, "at most " + std::to_string(limit) + " " + std::string(unit));
    }

    const ByteReader& reader_;
    const Limits& limits_;
    MemoryBudget memory_;
    Pickle made_;
    std::vector<Node> stack_, memo_, taken_;
    std::vector<std::size_t> marks_;
};

}  // namespace taxon::io
