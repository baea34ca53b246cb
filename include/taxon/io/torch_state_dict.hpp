#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/io/pickle.hpp>
#include <taxon/io/torch_module_facts.hpp>
#include <taxon/io/torch_tensor.hpp>
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
    };

    /// Throws Fault::missing if there are no tensors, Fault::forbidden if a call or object stands where a tensor
    /// should.
    static Contents of(const Pickle& pickle) {
        TorchStateDict walk(pickle);
        const Node holder = walk.find_holder();
        if (pickle.kind(holder) == PickleKind::object) walk.walk_modules(holder);
        else walk.walk_dict(holder);
        walk.check_names();
        return {std::move(walk.found_), std::move(walk.facts_)};
    }

  private:
    using Node = Pickle::Node;
    static constexpr std::string_view wrappers[] = {"state_dict", "model_state_dict", "ema", "model", "module"};
    static constexpr std::size_t longest_name = 512, deepest_module = 64;

    explicit TorchStateDict(const Pickle& pickle) : pickle_(pickle) {}

    // ---- the dict or module that holds the tensors

    Node find_holder() const {
        constexpr int deepest_wrapper = 4;
        Node node = pickle_.root();
        for (int level = 0; level < deepest_wrapper && is_dict(node); ++level) {
            const Node inner = unwrapped(node);
            if (inner == node) return node;
            node = inner;
        }
        if (!is_dict(node) && pickle_.kind(node) != PickleKind::object)
            refuse(node, "the file's value", "a state dict or a module");
        return node;
    }

    Node unwrapped(Node dict) const {
        for (const std::string_view key : wrappers)
            if (const auto inner = pickle_.find(dict, key); inner && can_hold(*inner)) return *inner;
        return dict;
    }

    bool can_hold(Node node) const {
        if (pickle_.kind(node) == PickleKind::object) return true;
        if (!is_dict(node)) return false;
        const std::vector<Node> all = entries(node);
        for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
            if (TorchTensorReader::is_tensor(pickle_, all[i + 1])) return true;
            const bool wraps = pickle_.kind(all[i]) == PickleKind::text &&
                               std::count(std::begin(wrappers), std::end(wrappers), pickle_.text(all[i])) != 0;
            if (wraps && (is_dict(all[i + 1]) || pickle_.kind(all[i + 1]) == PickleKind::object)) return true;
        }
        return false;
    }

    bool is_dict(Node node) const {
        if (pickle_.kind(node) == PickleKind::dict) return true;
        if (pickle_.kind(node) != PickleKind::call) return false;
        const std::string name = pickle_.full_name(node);
        return name == "collections.OrderedDict" || name == "collections.defaultdict";
    }

    /// Keys and values alternate. Python 2 gave an OrderedDict its pairs as an argument, a list of lists.
    std::vector<Node> entries(Node dict) const {
        std::vector<Node> all;
        if (pickle_.full_name(dict) == "collections.OrderedDict")
            if (const auto arguments = pickle_.tuple(pickle_.arguments(dict));
                arguments.size() == 1 && pickle_.kind(arguments[0]) == PickleKind::list)
                for (const Node pair : pickle_.items(arguments[0])) {
                    const std::vector<Node> both =
                        pickle_.kind(pair) == PickleKind::list ? pickle_.items(pair) : std::vector<Node>{};
                    if (both.size() != 2) fail(Fault::syntax, "an OrderedDict of other things", "pairs");
                    all.insert(all.end(), both.begin(), both.end());
                }
        const std::vector<Node> set = pickle_.items(dict);
        all.insert(all.end(), set.begin(), set.end());
        return all;
    }

    // ---- a dict of tensors

    void walk_dict(Node dict) {
        const std::vector<Node> all = entries(dict);
        bool nested = false;
        for (std::size_t i = 0; i + 1 < all.size(); i += 2) nested |= is_dict(all[i + 1]);
        if (nested && !can_hold(dict))
            fail(Fault::missing, "no tensors, but the keys " + keys(all), "a state dict", "save the state dict alone");
        for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
            const std::string name = joined({}, all[i]);
            if (TorchTensorReader::is_tensor(pickle_, all[i + 1])) found_.push_back({name, all[i + 1]});
            else if (!is_plain(all[i + 1])) refuse(all[i + 1], "'" + name + "'", "a tensor");
        }
        if (found_.empty() && !all.empty())
            fail(Fault::missing, "no tensors, but the keys " + keys(all), "a state dict", "save the state dict alone");
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

    std::string keys(const std::vector<Node>& all) const {
        constexpr std::size_t shown = 12;
        std::string text;
        for (std::size_t i = 0; i < std::min(all.size(), 2 * shown); i += 2)
            if (pickle_.kind(all[i]) == PickleKind::text)
                text.append(text.empty() ? "" : ", ").append(pickle_.text(all[i]).substr(0, 64));
        return text + (all.size() > 2 * shown ? ", …" : "");
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
            if (visit.depth > deepest_module) fail(Fault::limit, "modules in modules", "at most 64 levels");
            const Node state = state_of(visit.module, visit.prefix);
            charge(pickle_.items(state).size());
            add_facts(pickle_, visit.module, state, facts_);
            const std::vector<std::string_view> left_out = texts(pickle_.find(state, "_non_persistent_buffers_set"));
            for (const std::string_view kind : {"_parameters", "_buffers"}) {
                const auto members = member(state, kind);
                for (std::size_t i = 0; i + 1 < members.size(); i += 2)
                    add_member(visit.prefix, members[i], members[i + 1], left_out);
            }
            const auto modules = member(state, "_modules");
            for (std::size_t i = modules.size() / 2; i-- > 0;)
                if (pickle_.kind(modules[2 * i + 1]) != PickleKind::none)
                    waiting.push_back(
                        {modules[2 * i + 1], joined(visit.prefix, modules[2 * i]) + ".", visit.depth + 1});
        }
        if (found_.empty()) fail(Fault::missing, "a module without parameters", "parameters");
    }

    /// A module can occur many times, and so be walked many times; hostile files must not gain much by that.
    void charge(std::size_t items) {
        constexpr std::size_t most_for_each_value = 64;
        walked_ += items + 1;
        if (walked_ > most_for_each_value * pickle_.size())
            fail(Fault::limit, "modules in very many places", "a module in few of them");
    }

    Node state_of(Node module, const std::string& prefix) const {
        const std::string place =
            prefix.empty() ? "the module" : "module '" + prefix.substr(0, prefix.size() - 1) + "'";
        if (pickle_.kind(module) != PickleKind::object) refuse(module, place, "a module");
        const Node state = pickle_.state(module);
        const bool known = is_dict(state) && (pickle_.find(state, "_parameters") || pickle_.find(state, "_modules"));
        if (!known)
            fail(Fault::missing, place + " of class " + pickle_.full_name(module) + " without parameters and modules",
                 "its state");
        return state;
    }

    std::vector<Node> member(Node state, std::string_view key) {
        const auto found = pickle_.find(state, key);
        if (!found) return {};
        if (!is_dict(*found)) fail(Fault::type, std::string(key) + " that is no dict", "a dict");
        std::vector<Node> all = entries(*found);
        charge(all.size());
        return all;
    }

    void add_member(const std::string& prefix, Node key, Node value, const std::vector<std::string_view>& left_out) {
        if (pickle_.kind(value) == PickleKind::none) return;
        const std::string name = joined(prefix, key);
        if (std::binary_search(left_out.begin(), left_out.end(), pickle_.text(key))) return;
        if (!TorchTensorReader::is_tensor(pickle_, value)) refuse(value, "'" + name + "'", "a tensor");
        found_.push_back({name, value});
    }

    /// The strings of a set, sorted. Protocol 2 encodes it as a call of `set` with a list.
    std::vector<std::string_view> texts(std::optional<Node> set) {
        std::vector<std::string_view> strings;
        if (!set) return strings;
        std::vector<Node> members = pickle_.kind(*set) == PickleKind::set ? pickle_.items(*set) : std::vector<Node>{};
        if (pickle_.kind(*set) == PickleKind::call)
            for (const Node list : pickle_.tuple(pickle_.arguments(*set)))
                if (pickle_.kind(list) == PickleKind::list) members = pickle_.items(list);
        charge(members.size());
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
        if (prefix.size() + text.size() > longest_name)
            fail(Fault::limit, "a name of " + std::to_string(prefix.size() + text.size()) + " bytes", "at most 512");
        if (text.find('\0') != text.npos) fail(Fault::encoding, "a name with a NUL", "text");
        return prefix + std::string(text);
    }

    void check_names() const {
        std::vector<std::string_view> names;
        for (const Named& named : found_) names.push_back(named.name);
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        if (twice != names.end()) fail(Fault::duplicate, "'" + std::string(*twice) + "' twice", "each name once");
    }

    [[noreturn]] void refuse(Node node, const std::string& place, std::string wanted) const {
        if (TorchTensorReader::is_tensor(pickle_, node)) fail(Fault::type, "a tensor for " + place, std::move(wanted));
        const bool runs = pickle_.kind(node) == PickleKind::call || pickle_.kind(node) == PickleKind::object ||
                          pickle_.kind(node) == PickleKind::name;
        const std::string what =
            runs ? std::string(name_of(pickle_.kind(node))) + " of '" + pickle_.full_name(node) + "'"
                 : std::string(name_of(pickle_.kind(node)));
        fail(runs ? Fault::forbidden : Fault::type, what + " for " + place, std::move(wanted),
             runs ? "nothing was run; save the state dict alone" : "");
    }

    [[noreturn]] static void fail(Fault fault, std::string found, std::string wanted, std::string remedy = {}) {
        throw Error(fault, {.place = "state dict",
                            .found = std::move(found),
                            .wanted = std::move(wanted),
                            .remedy = std::move(remedy)});
    }

    const Pickle& pickle_;
    std::vector<Named> found_;
    ModuleFacts facts_;
    std::size_t walked_ = 0;
};

}  // namespace taxon::io
