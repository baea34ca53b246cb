#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/memory_budget.hpp>
#include <taxon/io/pickle.hpp>
#include <taxon/io/torch_module_facts.hpp>
#include <taxon/io/torch_tensor.hpp>
#include <taxon/io/torch_wrappers.hpp>
#include <utility>
#include <vector>

namespace taxon::io {

/// The parameters in a checkpoint: a dict of tensors, such a dict wrapped in others ({"state_dict": …}), or a whole
/// pickled module, whose `_parameters`, `_buffers` and `_modules` are walked like Module.state_dict() does.
class TorchStateDict {
  public:
    struct Named {
        std::string name;
        Pickle::Node tensor;
    };

    struct Contents {
        std::vector<Named> tensors;  ///< in file order
        ModuleFacts facts;           ///< of a module
        std::string choice{};        ///< what was taken where the file has several, human-readable; else empty
    };

    /// `key` chooses the holder, see TorchWrappers::holder. Throws as that does; Fault::missing if there are no
    /// tensors, Fault::forbidden if a call or object stands where a tensor should.
    static Contents of(const Pickle& pickle, std::string_view key = {}, const Limits& limits = {}) {
        TorchWrappers wrappers(pickle, limits);
        const Node holder = wrappers.holder(key);
        TorchStateDict walk(pickle, limits);
        if (pickle.kind(holder) == PickleKind::object) walk.walk_modules(holder);
        else walk.walk_dict(wrappers, holder, key == ".");
        walk.check_names();
        return {std::move(walk.found_), std::move(walk.facts_), wrappers.choice()};
    }

  private:
    using Node = Pickle::Node;

    TorchStateDict(const Pickle& pickle, const Limits& limits)
        : pickle_(pickle), limits_(limits), memory_(limits, pickle.bytes(), "state dict") {}

    // ---- a dict of tensors

    /// `mixed`: other dicts and objects beside the tensors are meant to be there.
    void walk_dict(const TorchWrappers& wrappers, Node dict, bool mixed) {
        const std::vector<Node> all = wrappers.entries(dict);
        const bool nested = std::any_of(all.begin(), all.end(), [&](Node node) { return wrappers.is_dict(node); });
        if (nested && !mixed && !wrappers.can_hold(dict)) refuse_empty(wrappers, all);
        for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
            if (mixed && !TorchTensorReader::is_tensor(pickle_, all[i + 1])) continue;
            std::string name = joined({}, all[i]);
            if (TorchTensorReader::is_tensor(pickle_, all[i + 1])) add(std::move(name), all[i + 1]);
            else if (!is_plain(all[i + 1])) refuse(all[i + 1], "'" + name + "'", "a tensor");
        }
        if (found_.empty() && !all.empty()) refuse_empty(wrappers, all);
    }

    [[noreturn]] void refuse_empty(const TorchWrappers& wrappers, const std::vector<Node>& all) const {
        const std::string inside = wrappers.first_holder(all);
        fail(Fault::missing, "no tensors, but the keys " + wrappers.keys(all), "a state dict",
             inside.empty() ? "save the state dict alone"
                            : "--weights-key " + inside + " takes the tensors in that one");
    }

    /// Counters, dates and the like beside tensors are not parameters.
    bool is_plain(Node node) const {
        switch (pickle_.kind(node)) {
            case PickleKind::none:
            case PickleKind::boolean:
            case PickleKind::integer:
            case PickleKind::big_integer:
            case PickleKind::real:
            case PickleKind::text: return true;
            default: return false;
        }
    }

    // ---- a pickled module

    struct Visit {
        Node module;
        std::string prefix;
        std::size_t depth;
    };

    void walk_modules(Node root) {
        std::vector<Visit> waiting{{root, {}, 0}};
        while (!waiting.empty()) {
            const Visit visit = std::move(waiting.back());
            waiting.pop_back();
            if (visit.depth > limits_.module_depth)
                fail(Fault::limit, "nested modules", "at most " + std::to_string(limits_.module_depth) + " levels");
            const Node state = state_of(visit.module, visit.prefix);
            count_work(pickle_.items(state).size());
            add_facts(pickle_, visit.module, state, facts_, limits_, memory_);
            const std::vector<std::string_view> left_out = texts(pickle_.find(state, "_non_persistent_buffers_set"));
            for (const std::string_view kind : {"_parameters", "_buffers"}) {
                const auto members = member(state, kind);
                for (std::size_t i = 0; i + 1 < members.size(); i += 2)
                    add_member(visit.prefix, members[i], members[i + 1], left_out);
            }
            const auto modules = member(state, "_modules");
            for (std::size_t i = modules.size() / 2; i-- > 0;)
                if (pickle_.kind(modules[2 * i + 1]) != PickleKind::none) {
                    std::string prefix = joined(visit.prefix, modules[2 * i]) + ".";
                    memory_.charge(sizeof(Visit) + prefix.size());
                    waiting.push_back({modules[2 * i + 1], std::move(prefix), visit.depth + 1});
                }
        }
        if (found_.empty()) fail(Fault::missing, "a module without parameters", "parameters");
    }

    /// A module can occur many times, and so be walked many times; hostile files must not gain much by that.
    void count_work(std::size_t items) {
        walked_ += items + 1;
        if (walked_ > limits_.names_in_modules * pickle_.size())
            fail(Fault::limit, "modules in too many places", "a module in few of them");
    }

    Node state_of(Node module, const std::string& prefix) const {
        const std::string place =
            prefix.empty() ? "the module" : "module '" + prefix.substr(0, prefix.size() - 1) + "'";
        if (pickle_.kind(module) != PickleKind::object) refuse(module, place, "a module");
        const Node state = pickle_.state(module);
        const bool known =
            is_torch_dict(pickle_, state) && (pickle_.find(state, "_parameters") || pickle_.find(state, "_modules"));
        if (!known)
            fail(Fault::missing, place + " of class " + pickle_.full_name(module) + " without parameters and modules",
                 "its state");
        return state;
    }

    std::vector<Node> member(Node state, std::string_view key) {
        const auto found = pickle_.find(state, key);
        if (!found) return {};
        if (!is_torch_dict(pickle_, *found)) fail(Fault::type, std::string(key) + " that is not a dict", "a dict");
        std::vector<Node> all = torch_dict_entries(pickle_, *found);
        count_work(all.size());
        return all;
    }

    void add_member(const std::string& prefix, Node key, Node value, const std::vector<std::string_view>& left_out) {
        if (pickle_.kind(value) == PickleKind::none) return;
        std::string name = joined(prefix, key);
        if (std::binary_search(left_out.begin(), left_out.end(), pickle_.text(key))) return;
        if (!TorchTensorReader::is_tensor(pickle_, value)) refuse(value, "'" + name + "'", "a tensor");
        add(std::move(name), value);
    }

    void add(std::string name, Node tensor) {
        memory_.charge(name.size());
        memory_.reserve(found_, 1);
        found_.push_back({std::move(name), tensor});
    }

    /// The strings of a set, sorted. Protocol 2 encodes it as a call of `set` with a list.
    std::vector<std::string_view> texts(std::optional<Node> set) {
        std::vector<std::string_view> strings;
        if (!set) return strings;
        std::vector<Node> members = pickle_.kind(*set) == PickleKind::set ? pickle_.items(*set) : std::vector<Node>{};
        if (pickle_.kind(*set) == PickleKind::call)
            for (const Node list : pickle_.tuple(pickle_.arguments(*set)))
                if (pickle_.kind(list) == PickleKind::list) members = pickle_.items(list);
        count_work(members.size());
        for (const Node member : members)
            if (pickle_.kind(member) == PickleKind::text) strings.push_back(pickle_.text(member));
        std::sort(strings.begin(), strings.end());
        return strings;
    }

    // ---- names and errors

    std::string joined(const std::string& prefix, Node key) const {
        if (pickle_.kind(key) != PickleKind::text)
            fail(Fault::type, std::string(name_of(pickle_.kind(key))) + " as a name", "a string");
        const std::string_view text = pickle_.text(key);
        if (prefix.size() + text.size() > limits_.name_bytes)
            fail(Fault::limit, "a name of " + std::to_string(prefix.size() + text.size()) + " bytes",
                 "at most " + std::to_string(limits_.name_bytes));
        if (text.find('\0') != text.npos) fail(Fault::encoding, "a name with a NUL", "text");
        return prefix + std::string(text);
    }

    void check_names() const {
        std::vector<std::string_view> names;
        names.reserve(found_.size());
        for (const Named& named : found_) names.push_back(named.name);
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        if (twice != names.end()) fail(Fault::duplicate, "'" + std::string(*twice) + "' twice", "each name once");
    }

    [[noreturn]] void refuse(Node node, std::string_view place, std::string_view wanted) const {
        refuse_torch_value(pickle_, node, place, wanted);
    }

    [[noreturn]] static void fail(Fault fault, std::string_view found, std::string_view wanted,
                                  std::string_view remedy = {}) {
        throw Error(fault, {.place = "state dict", .found = found, .wanted = wanted, .remedy = remedy});
    }

    const Pickle& pickle_;
    const Limits& limits_;
    MemoryBudget memory_;
    std::vector<Named> found_;
    ModuleFacts facts_;
    std::size_t walked_ = 0;
};

}  // namespace taxon::io
