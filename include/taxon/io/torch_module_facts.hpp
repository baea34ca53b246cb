#pragma once
#include <cstdint>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/core/module_facts.hpp>
#include <taxon/io/memory_budget.hpp>
#include <taxon/io/pickle.hpp>

namespace taxon::io {

namespace detail {

/// The strings in `names`, a list or a dict by index. An entry that is missing, too long or not a string is empty: the
/// other classes keep their names. Empty if there is neither a list nor a dict. Throws Fault::limit for too many.
inline std::vector<std::string> labels_of(const Pickle& pickle, Pickle::Node names, const Limits& limits,
                                          MemoryBudget& memory) {
    const bool is_list = pickle.kind(names) == PickleKind::list, is_dict = pickle.kind(names) == PickleKind::dict;
    if (!is_list && !is_dict) return {};
    const std::vector<Pickle::Node> all = pickle.items(names);
    const std::size_t step = is_dict ? 2 : 1, count = all.size() / step;
    if (count > limits.class_names)
        throw Error(Fault::limit, {.place = "names",
                                   .found = std::to_string(count) + " classes",
                                   .wanted = "at most " + std::to_string(limits.class_names)});
    memory.charge(count * sizeof(std::string));
    std::vector<std::string> labels(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Pickle::Node key = all[step * i], label = all[step * i + step - 1];
        std::size_t index = i;
        if (is_dict) {
            if (pickle.kind(key) != PickleKind::integer || pickle.integer(key) < 0 ||
                static_cast<std::uint64_t>(pickle.integer(key)) >= count)
                continue;
            index = static_cast<std::size_t>(pickle.integer(key));
        }
        if (pickle.kind(label) != PickleKind::text || pickle.text(label).size() > limits.name_bytes) continue;
        memory.charge(pickle.text(label).size());
        labels[index] = pickle.text(label);
    }
    return labels;
}

}  // namespace detail

/// Adds the facts of a module with this state; the outermost one comes first. Throws Fault::limit if they take more
/// than `memory`.
inline void add_facts(const Pickle& pickle, Pickle::Node module, Pickle::Node state, ModuleFacts& facts,
                      const Limits& limits, MemoryBudget& memory) {
    constexpr std::size_t node_bytes = 64;  // of a set

    if (facts.empty())
        if (const auto names = pickle.find(state, "names"))
            facts.labels = detail::labels_of(pickle, *names, limits, memory);
    if (const auto [name, is_new] = facts.classes.insert(pickle.full_name(module)); is_new)
        memory.charge(name->size() + node_bytes);
    for (const std::string_view key : {"eps", "negative_slope"})
        if (const auto number = pickle.find(state, key); number && pickle.kind(*number) == PickleKind::real)
            if (facts.numbers[std::string(key)].insert(pickle.real(*number)).second) memory.charge(node_bytes);
}

}  // namespace taxon::io
