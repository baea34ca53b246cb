#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/pickle.hpp>
#include <taxon/io/torch_tensor.hpp>
#include <utility>
#include <vector>

namespace taxon::io {

inline bool is_torch_dict(const Pickle& pickle, Pickle::Node node) {
    if (pickle.kind(node) == PickleKind::dict) return true;
    if (pickle.kind(node) != PickleKind::call) return false;
    const std::string name = pickle.full_name(node);
    return name == "collections.OrderedDict" || name == "collections.defaultdict";
}

/// Keys and values alternate. Python 2 gave an OrderedDict its pairs as an argument, a list of lists.
inline std::vector<Pickle::Node> torch_dict_entries(const Pickle& pickle, Pickle::Node dict) {
    std::vector<Pickle::Node> all;
    if (pickle.full_name(dict) == "collections.OrderedDict")
        if (const auto arguments = pickle.tuple(pickle.arguments(dict));
            arguments.size() == 1 && pickle.kind(arguments[0]) == PickleKind::list)
            for (const Pickle::Node pair : pickle.items(arguments[0])) {
                const std::vector<Pickle::Node> both =
                    pickle.kind(pair) == PickleKind::list ? pickle.items(pair) : std::vector<Pickle::Node>{};
                if (both.size() != 2)
                    throw Error(Fault::syntax,
                                {.place = "state dict", .found = "an OrderedDict of other things", .wanted = "pairs"});
                all.insert(all.end(), both.begin(), both.end());
            }
    const std::vector<Pickle::Node> set = pickle.items(dict);
    all.insert(all.end(), set.begin(), set.end());
    return all;
}

/// Throws Fault::forbidden for what would run something, else Fault::type.
[[noreturn]] inline void refuse_torch_value(const Pickle& pickle, Pickle::Node node, std::string_view place,
                                            std::string_view wanted) {
    const PickleKind kind = pickle.kind(node);
    const bool tensor = TorchTensorReader::is_tensor(pickle, node);
    const bool runs = !tensor && (kind == PickleKind::call || kind == PickleKind::object || kind == PickleKind::name);
    std::string what = tensor ? "a tensor" : std::string(name_of(kind));
    if (runs) what += " of '" + pickle.full_name(node) + "'";
    throw Error(runs ? Fault::forbidden : Fault::type,
                {.place = "state dict",
                 .found = std::move(what) + " for " + std::string(place),
                 .wanted = wanted,
                 .remedy = runs ? "nothing was run; save the state dict alone" : ""});
}

/// Finds what holds the parameters in what training scripts save: a dict of a model or its state dict, beside an
/// optimizer, a date and the like.
class TorchWrappers {
  public:
    TorchWrappers(const Pickle& pickle, const Limits& limits) : pickle_(pickle), limits_(limits) {}

    /// The dict of tensors, or the module. `key`: keys to follow from the outermost dict, joined by '/'; "." stays
    /// there. Without it the averaged weights are taken before the plain ones, as timm and YOLOv5 do. Throws
    /// Fault::missing if a key is not there; Fault::duplicate if tensors lie beside a dict of tensors; Fault::type or
    /// forbidden if there is neither dict nor module.
    Pickle::Node holder(std::string_view key) {
        Node node = pickle_.root();
        if (key == ".") return node;
        for (std::string_view rest = key; !rest.empty();) {
            const std::size_t end = std::min(rest.find('/'), rest.size());
            node = member(node, rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        for (std::size_t level = 0; is_dict(node); ++level) {
            const auto inner = unwrapped(node, level == 0 && key.empty());
            if (!inner) return node;
            if (level == limits_.wrapper_depth)
                fail(Fault::limit, "nested wrappers", "at most " + std::to_string(limits_.wrapper_depth));
            node = *inner;
        }
        if (pickle_.kind(node) != PickleKind::object)
            refuse_torch_value(pickle_, node, key.empty() ? "the file's value" : "'" + std::string(key) + "'",
                               "a state dict or a module");
        return node;
    }

    /// "state_dict_ema, not state_dict": what `holder` took where there was a choice.
    const std::string& choice() const { return choice_; }

    bool is_dict(Pickle::Node node) const { return is_torch_dict(pickle_, node); }

    std::vector<Pickle::Node> entries(Pickle::Node dict) const { return torch_dict_entries(pickle_, dict); }

    /// True for a module, a dict of tensors, and a dict that has one of these under a usual key.
    bool can_hold(Pickle::Node node) const {
        if (pickle_.kind(node) == PickleKind::object) return true;
        if (!is_dict(node)) return false;
        const std::vector<Node> all = entries(node);
        for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
            if (TorchTensorReader::is_tensor(pickle_, all[i + 1])) return true;
            const bool wraps = pickle_.kind(all[i]) == PickleKind::text && rank_of(pickle_.text(all[i])) < usual;
            if (wraps && (is_dict(all[i + 1]) || pickle_.kind(all[i + 1]) == PickleKind::object)) return true;
        }
        return false;
    }

    /// The first of these keys whose value is a dict of tensors or a module; empty if there is none.
    std::string first_holder(const std::vector<Pickle::Node>& all) const {
        constexpr std::size_t most_tried = 64;
        for (std::size_t i = 0; i + 1 < std::min(all.size(), 2 * most_tried); i += 2)
            if (pickle_.kind(all[i]) == PickleKind::text && can_hold(all[i + 1]))
                return std::string(pickle_.text(all[i]).substr(0, longest_key));
        return {};
    }

    std::string keys(const std::vector<Pickle::Node>& all) const {
        constexpr std::size_t shown = 12;
        std::string text;
        for (std::size_t i = 0; i < std::min(all.size(), 2 * shown); i += 2)
            if (pickle_.kind(all[i]) == PickleKind::text)
                text.append(text.empty() ? "" : ", ").append(pickle_.text(all[i]).substr(0, longest_key));
        return text + (all.size() > 2 * shown ? ", …" : "");
    }

  private:
    using Node = Pickle::Node;
    static constexpr std::size_t longest_key = 64;  // in an error

    /// The best first: averages over training, then the weights that it ended with.
    static constexpr std::string_view wrappers[] = {"state_dict_ema", "model_ema",        "ema_state_dict", "ema",
                                                    "state_dict",     "model_state_dict", "model",          "module"};
    static constexpr std::size_t usual = std::size(wrappers);

    static std::size_t rank_of(std::string_view key) {
        return static_cast<std::size_t>(std::find(std::begin(wrappers), std::end(wrappers), key) -
                                        std::begin(wrappers));
    }

    Node member(Node node, std::string_view key) const {
        if (!is_dict(node))
            fail(Fault::missing,
                 std::string(name_of(pickle_.kind(node))) + " where '" + std::string(key) + "' should be", "a dict");
        const std::vector<Node> all = entries(node);
        std::optional<Node> found;
        for (std::size_t i = 0; i + 1 < all.size(); i += 2)
            if (pickle_.kind(all[i]) == PickleKind::text && pickle_.text(all[i]) == key) found = all[i + 1];
        if (!found)
            fail(Fault::missing, "no '" + std::string(key.substr(0, longest_key)) + "', but the keys " + keys(all),
                 "the key that was asked for");
        return *found;
    }

    /// The best wrapper's value, or nothing if the dict itself holds the tensors.
    std::optional<Node> unwrapped(Node dict, bool outermost) {
        std::array<std::optional<Node>, usual> inner;  // the last of a key, as in Python
        bool parameters = false;
        const std::vector<Node> all = entries(dict);
        for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
            if (pickle_.kind(all[i]) != PickleKind::text) continue;
            const std::string_view key = pickle_.text(all[i]);
            if (const std::size_t rank = rank_of(key); rank < usual) inner[rank] = all[i + 1];
            parameters |= is_parameter(key, all[i + 1]);
        }
        std::optional<Node> best;
        std::string taken, others;
        for (std::size_t rank = 0; rank < usual; ++rank) {
            if (!inner[rank] || !can_hold(*inner[rank])) continue;
            if (best) others.append(others.empty() ? "" : ", ").append(wrappers[rank]);
            else best = inner[rank], taken = wrappers[rank];
        }
        if (best && parameters)
            fail(Fault::duplicate, "tensors beside '" + taken + "', which has tensors too", "one or the other",
                 "--weights-key " + taken + " takes those inside, --weights-key . those beside it");
        if (outermost && !others.empty()) choice_ = taken + ", not " + others;
        return best;
    }

    /// False for what scripts save beside a state dict: the best score, the state of a generator of random numbers.
    bool is_parameter(std::string_view key, Node value) const {
        if (!TorchTensorReader::is_tensor(pickle_, value)) return false;
        return key.find('.') != key.npos || TorchTensorReader::holds_floats(pickle_, value);
    }

    [[noreturn]] static void fail(Fault fault, std::string_view found, std::string_view wanted,
                                  std::string_view remedy = {}) {
        throw Error(fault, {.place = "state dict", .found = found, .wanted = wanted, .remedy = remedy});
    }

    const Pickle& pickle_;
    const Limits& limits_;
    std::string choice_{};
};

}  // namespace taxon::io
