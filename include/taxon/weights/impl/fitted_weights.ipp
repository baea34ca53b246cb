#pragma once
#include <algorithm>
#include <utility>

namespace taxon {

namespace detail {

/// The length of the wrappers that a name starts with: 13 for "model.module.conv1.weight".
inline std::size_t wrapped(std::string_view name) {
    std::size_t length = 0;
    for (std::size_t before = 1; length != before;) {
        before = length;
        for (const std::string_view wrapper : {"model.", "module."})
            if (name.substr(length).starts_with(wrapper)) length += wrapper.size();
    }
    return length;
}

/// The wrappers in front of all names.
inline std::string_view shared_wrappers(std::span<const std::string_view> names) {
    if (names.empty()) return {};
    std::string_view shared = names.front().substr(0, wrapped(names.front()));
    for (const std::string_view name : names) {
        const auto differ = std::mismatch(shared.begin(), shared.end(), name.begin(), name.end()).first;
        shared = shared.substr(0, static_cast<std::size_t>(differ - shared.begin()));
        shared = shared.substr(0, shared.rfind('.') + 1);
    }
    return shared;
}

inline std::vector<std::string_view> names_of(GraphView graph) {
    std::vector<std::string_view> names;
    for (const Parameter& p : graph.parameters) names.push_back(graph.name(p));
    return names;
}

inline bool ends_in_part(std::string_view name, std::string_view part) {
    return name.ends_with(part) && (name.size() == part.size() || name[name.size() - part.size() - 1] == '.');
}

}  // namespace detail

TAXON_DECL FittedWeights::FittedWeights(GraphView graph, const WeightSource& source) : source_(&source) {
    std::vector<std::string_view> names = source.names();
    if (names.empty()) return;
    find_prefix(graph, names);
    std::sort(names.begin(), names.end());
    std::vector<bool> taken(names.size());
    const auto take = [&](std::string_view spelling) {
        const auto found = std::lower_bound(names.begin(), names.end(), spelling);
        if (found == names.end() || *found != spelling) return false;
        taken[static_cast<std::size_t>(found - names.begin())] = true;
        return true;
    };
    for (const Parameter& p : graph.parameters) {
        const std::string_view name = graph.name(p);
        if (std::string spelling = spelt(name); take(spelling)) of_name_[name] = {std::move(spelling), {}};
        constexpr std::string_view anchors = "anchors";
        if (p.role == Role::preset && detail::ends_in_part(name, anchors))
            take(spelt(name.substr(0, name.size() - anchors.size())).append("anchor_grid"));
    }
    for (const Node& node : graph.nodes)
        if (node.op == Op::batch_norm) unfold(graph, node, take);
    std::size_t left = 0;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (!taken[i]) names[left++] = names[i];
    names.resize(left);
    others_ = std::move(names);
}

TAXON_DECL void FittedWeights::find_prefix(GraphView graph, std::span<const std::string_view> names) {
    const std::vector<std::string_view> all = detail::names_of(graph);
    const std::string_view shared = detail::shared_wrappers(names);
    std::size_t most = 0;
    const auto try_it = [&](std::size_t dropped, std::size_t left_out) {
        std::vector<std::string_view> wanted;
        for (const std::string_view name : all) wanted.push_back(name.substr(left_out));
        std::sort(wanted.begin(), wanted.end());
        const auto fits = [&](std::string_view name) {
            return std::binary_search(wanted.begin(), wanted.end(), name.substr(dropped));
        };
        const auto count = static_cast<std::size_t>(std::count_if(names.begin(), names.end(), fits));
        if (count <= most) return;
        most = count, prefix_ = shared.substr(0, dropped), left_out_ = left_out;
    };
    for (std::size_t dropped = 0; dropped <= shared.size(); ++dropped)
        if (dropped == 0 || shared[dropped - 1] == '.') try_it(dropped, 0);
    if (const std::size_t scope = detail::shared_wrappers(all).size(); scope != 0) try_it(shared.size(), scope);
}

/// The bias of a convolution whose weights have been multiplied by the normalisation's scale is the normalisation's own
/// bias; its other numbers make a scale so close to 1 that no weight changes.
template <class Take>
void FittedWeights::unfold(GraphView graph, const Node& norm, Take take) {
    constexpr int parameters_of_part = 5;
    constexpr std::string_view weight = "weight";
    const Node& convolution = graph.node(graph.operand(norm, 0));
    if (convolution.op != Op::convolution || convolution.bias != none || convolution.parts != norm.parts) return;
    const auto name_of = [&](int parameter) {
        return graph.name(graph.parameters[static_cast<std::size_t>(parameter)]);
    };
    for (int part = 0; part < norm.parts; ++part) {
        const int first = norm.parameter + part * parameters_of_part;
        const std::string_view name = name_of(convolution.parameter + part);
        bool has_numbers = !detail::ends_in_part(name, weight);
        for (int i = 0; i < parameters_of_part - 1; ++i) has_numbers |= of_name_.contains(name_of(first + i));
        std::string bias = spelt(name.substr(0, name.size() - weight.size())).append("bias");
        if (has_numbers || !take(bias)) continue;
        of_name_[name_of(first)] = {{}, 1.f};
        of_name_[name_of(first + 1)] = {std::move(bias), {}};
        of_name_[name_of(first + 2)] = {{}, 0.f};
        of_name_[name_of(first + 3)] = {{}, static_cast<float>(1 - 1 / static_cast<double>(norm.inverse_epsilon))};
    }
}

TAXON_DECL FittedWeights::Prefix FittedWeights::elsewhere(GraphView graph) const {
    constexpr std::size_t most_tried = 16;
    std::vector<std::string_view> missing = detail::names_of(graph);
    const std::size_t scope = detail::shared_wrappers(missing).size();
    std::erase_if(missing, [&](std::string_view name) { return contains(name); });
    for (std::string_view& name : missing) name.remove_prefix(scope);
    if (missing.empty()) return {};
    const auto longest = *std::max_element(missing.begin(), missing.end(),
                                           [](std::string_view a, std::string_view b) { return a.size() < b.size(); });
    Prefix best{{}, of_name_.size()};
    std::size_t tried = 0;
    for (const std::string_view other : others_) {
        if (other.size() == longest.size() || !detail::ends_in_part(other, longest) || ++tried > most_tried) continue;
        const std::string_view prefix = other.substr(0, other.size() - longest.size());
        const auto is_there = [&](std::string_view name) {
            return std::binary_search(others_.begin(), others_.end(), std::string(prefix).append(name));
        };
        const auto count = static_cast<std::size_t>(std::count_if(missing.begin(), missing.end(), is_there));
        if (count > best.fitting) best = {prefix, count};
    }
    return best.text.empty() ? Prefix{} : best;
}

TAXON_DECL std::vector<std::string_view> FittedWeights::names() const {
    std::vector<std::string_view> all = others_;
    for (const auto& [name, tensor] : of_name_) all.push_back(name);
    return all;
}

TAXON_DECL std::optional<Dimensions> FittedWeights::shape_of(std::string_view name,
                                                             std::span<const std::int64_t> wanted) const {
    const auto found = of_name_.find(name);
    if (found == of_name_.end()) return source_->shape_of(name, wanted);
    if (found->second.constant) return Dimensions(wanted.begin(), wanted.end());
    return source_->shape_of(found->second.name, wanted);
}

TAXON_DECL void FittedWeights::read(std::string_view name, std::span<const std::int64_t> shape,
                                    std::span<float> to) const {
    const auto found = of_name_.find(name);
    if (found == of_name_.end()) return source_->read(name, shape, to);
    if (found->second.constant) std::fill(to.begin(), to.end(), *found->second.constant);
    else source_->read(found->second.name, shape, to);
}

}  // namespace taxon
