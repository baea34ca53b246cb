#pragma once
#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <taxon/weights/detector_weights.hpp>
#include <unordered_set>

namespace taxon {

TAXON_DECL std::vector<float> Parameters::operator[](int index) const {
    const Parameter& p = graph_.parameters[static_cast<std::size_t>(index)];
    const std::string_view name = graph_.name(p);
    std::vector<float> values(static_cast<std::size_t>(p.count()));
    source_->read(name, dimensions(p), values);
    const bool variance = name.ends_with("running_var");
    const auto bad =
        std::find_if(values.begin(), values.end(), [&](float x) { return !std::isfinite(x) || (variance && x < 0); });
    if (bad != values.end())
        throw Error(Fault::value,
                    {.file = source_->origin(),
                     .place = "element " + std::to_string(bad - values.begin()) + " of " + std::string(name),
                     .found = std::to_string(*bad),
                     .wanted = variance ? "a finite number of at least 0" : "a finite number"});
    return values;
}

TAXON_DECL std::vector<float> Parameters::anchors(const Node& boxes) const {
    const std::size_t count = 2 * static_cast<std::size_t>(boxes.groups);
    std::vector<float> anchors(boxes.anchors.begin(), boxes.anchors.begin() + static_cast<std::ptrdiff_t>(count));
    if (boxes.parameter == none) return anchors;
    const std::vector<std::string_view> names = source_->names();
    if (std::find(names.begin(), names.end(),
                  graph_.name(graph_.parameters[static_cast<std::size_t>(boxes.parameter)])) == names.end())
        return anchors;
    const std::vector<float> all = (*this)[boxes.parameter];
    for (std::size_t i = 0; i < count; ++i)
        anchors[i] = all[static_cast<std::size_t>(boxes.head) * count + i] * static_cast<float>(boxes.stride);
    return anchors;
}

TAXON_DECL std::vector<float> Parameters::weights(const Node& node) const { return joined(node, node.parameter); }

TAXON_DECL std::vector<float> Parameters::biases(const Node& node) const {
    return node.bias == none ? std::vector<float>(static_cast<std::size_t>(node.out.channels))
                             : joined(node, node.bias);
}

TAXON_DECL std::vector<float> Parameters::joined(const Node& node, int first) const {
    std::vector<float> all = (*this)[first];
    for (int i = 1; i < node.parts; ++i) {
        const auto more = (*this)[first + i * (node.bias == none ? 1 : 2)];
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

TAXON_DECL Dimensions Parameters::dimensions(const Parameter& p) {
    return Dimensions(p.shape.begin(), p.shape.begin() + p.rank);
}

TAXON_DECL void Parameters::check() const {
    detail::DetectorWeights::check(graph_, *source_);
    std::map<std::string_view, std::vector<std::string>> problems;  // keyed by kind
    const auto report = [&](std::string_view what, std::string_view name, const std::string& more) {
        problems[what].push_back(std::string(name) + more);
    };
    const std::vector<std::string_view> all = source_->names();
    const std::unordered_set<std::string_view> there(all.begin(), all.end());
    std::unordered_set<std::string_view> known;
    for (const Parameter& p : graph_.parameters) {
        known.insert(graph_.name(p));
        if (p.role == Role::ignored || (p.role == Role::preset && !there.contains(graph_.name(p)))) continue;
        const Dimensions wanted = dimensions(p);
        const auto found = source_->shape_of(graph_.name(p), wanted);
        if (!found) report("missing", graph_.name(p), " " + text(wanted));
        else if (*found != wanted)
            report("misshapen", graph_.name(p), " " + text(*found) + " instead of " + text(wanted));
    }
    for (const std::string_view name : all)
        if (!known.contains(name)) report("superfluous", name, "");
    if (problems.empty()) return;
    std::string found;
    for (const auto& [what, names] : problems) {
        found.append(found.empty() ? "" : "; ")
            .append(std::to_string(names.size()))
            .append(" ")
            .append(what)
            .append(": ");
        for (std::size_t i = 0; i < std::min(names.size(), most_listed); ++i)
            found.append(i > 0 ? ", " : "").append(names[i]);
        if (names.size() > most_listed) found.append(", …");
    }
    throw Error(
        Fault::mismatch,
        {.file = source_->origin(),
         .place = "parameters",
         .found = found,
         .wanted = "exactly the " + std::to_string(graph_.parameters.size()) + " parameters of this architecture",
         .remedy = "choose the variant and the number of classes that the weights were trained for"});
}

TAXON_DECL std::string Parameters::text(const Dimensions& dimensions) {
    std::string result = "(";
    for (std::size_t i = 0; i < dimensions.size(); ++i)
        result.append(i > 0 ? ", " : "").append(std::to_string(dimensions[i]));
    return result + ")";
}

TAXON_DECL Affine affine(const Node& norm, const Parameters& parameters) {
    constexpr int parameters_of_part = 5;
    Affine result;
    for (int first = norm.parameter; first < norm.parameter + norm.parts * parameters_of_part;
         first += parameters_of_part) {
        const auto gamma = parameters[first], beta = parameters[first + 1], mean = parameters[first + 2],
                   variance = parameters[first + 3];
        for (std::size_t c = 0; c < gamma.size(); ++c) {
            result.scale.push_back(gamma[c] / std::sqrt(variance[c] + 1.0 / static_cast<double>(norm.inverse_epsilon)));
            result.shift.push_back(beta[c] - mean[c] * result.scale.back());
        }
    }
    return result;
}

}  // namespace taxon
