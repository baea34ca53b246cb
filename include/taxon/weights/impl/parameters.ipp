#pragma once
#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <taxon/weights/detector_weights.hpp>
#include <taxon/weights/position_embeddings.hpp>

namespace taxon {

TAXON_DECL std::vector<float> Parameters::operator[](int index) const {
    const Parameter& p = graph_.parameters[static_cast<std::size_t>(index)];
    const Dimensions stored = stored_shape(index), wanted = dimensions(p);
    std::vector<float> values = read(p, stored);
    if (stored != wanted && are_positions(index)) return resized_positions(values, stored, wanted);
    values.resize(static_cast<std::size_t>(p.count()));
    return values;
}

TAXON_DECL std::vector<float> Parameters::more_words(const Node& embedding) const {
    const Parameter& p = graph_.parameters[static_cast<std::size_t>(embedding.parameter)];
    const Dimensions stored = stored_shape(embedding.parameter);
    if (stored == dimensions(p)) return {};
    std::vector<float> values = read(p, stored);
    values.erase(values.begin(), values.begin() + p.count());
    return values;
}

TAXON_DECL Dimensions Parameters::stored_shape(int index) const {
    const Parameter& p = graph_.parameters[static_cast<std::size_t>(index)];
    const Dimensions wanted = dimensions(p);
    const bool is_table = std::any_of(graph_.nodes.begin(), graph_.nodes.end(), [&](const Node& node) {
        return node.op == Op::embedding && node.parameter == index;
    });
    return is_table || are_positions(index) ? source_.shape_of(graph_.name(p), wanted).value_or(wanted) : wanted;
}

TAXON_DECL bool Parameters::are_positions(int index) const {
    return graph_.parameters[static_cast<std::size_t>(index)].rank == 4 &&
           std::any_of(graph_.nodes.begin(), graph_.nodes.end(),
                       [&](const Node& node) { return node.op == Op::parameter && node.parameter == index; });
}

TAXON_DECL bool Parameters::fits(int index, const Dimensions& stored) const {
    const Dimensions wanted = dimensions(graph_.parameters[static_cast<std::size_t>(index)]);
    if (are_positions(index))
        return stored.size() == 4 && stored[0] == wanted[0] && stored[1] > 0 && stored[2] > 0 && stored[3] == wanted[3];
    return stored == wanted || (stored == stored_shape(index) && stored.size() == 2 && stored[1] == wanted[1] &&
                                stored[0] > wanted[0] && stored[0] - wanted[0] <= most_more_words);
}

TAXON_DECL std::vector<float> Parameters::read(const Parameter& p, const Dimensions& stored) const {
    const std::string_view name = graph_.name(p);
    std::int64_t count = 1;
    for (const std::int64_t size : stored) count *= size;
    std::vector<float> values(static_cast<std::size_t>(count));
    source_.read(name, stored, values);
    const bool variance = name.ends_with("running_var");
    const auto bad =
        std::find_if(values.begin(), values.end(), [&](float x) { return !std::isfinite(x) || (variance && x < 0); });
    // dense constants are numbers as a file has them: bounds and masks are infinite
    const auto is_constant = [&] {
        for (int i = 0; i < graph_.size(); ++i)
            if (const Node& node = graph_.node(i); node.op == Op::constant && node.parameter != none)
                if (graph_.name(graph_.parameters[static_cast<std::size_t>(node.parameter)]) == name) return true;
        return false;
    };
    if (bad != values.end() && !is_constant())
        throw Error(Fault::value,
                    {.file = source_.origin(),
                     .place = "element " + std::to_string(bad - values.begin()) + " of " + std::string(name),
                     .found = std::to_string(*bad),
                     .wanted = variance ? "a finite number of at least 0" : "a finite number"});
    return values;
}

TAXON_DECL std::vector<float> Parameters::anchors(const Node& boxes) const {
    const std::size_t count = 2 * static_cast<std::size_t>(boxes.groups);
    std::vector<float> anchors(boxes.anchors.begin(), boxes.anchors.begin() + static_cast<std::ptrdiff_t>(count));
    if (boxes.parameter == none) return anchors;
    if (!source_.contains(graph_.name(graph_.parameters[static_cast<std::size_t>(boxes.parameter)]))) return anchors;
    const std::vector<float> all = (*this)[boxes.parameter];
    for (std::size_t i = 0; i < count; ++i)
        anchors[i] = all[static_cast<std::size_t>(boxes.head) * count + i] * static_cast<float>(boxes.stride);
    return anchors;
}

TAXON_DECL std::vector<float> Parameters::weights(const Node& node) const {
    std::vector<float> all = joined(node, node.parameter);
    if (!node.transposed) return all;
    // a transposed convolution's are (inputs, outputs of a group, taps)
    const auto [groups, taps] = std::pair(node.groups, node.window.taps());
    const int inputs = node.in.channels / groups, outputs = node.out.channels / groups;
    std::vector<float> ordered(all.size());
    auto to = ordered.begin();
    for (int group = 0; group < groups; ++group)
        for (int n = 0; n < outputs; ++n)
            for (int c = 0; c < inputs; ++c)
                to = std::copy_n(all.begin() + std::ptrdiff_t{(group * inputs + c) * outputs + n} * taps, taps, to);
    return ordered;
}

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
    detail::DetectorWeights::check(graph_, source_);
    struct Problem {
        std::size_t count = 0;
        std::vector<std::string> first{};
    };
    std::map<std::string_view, Problem> problems;  // keyed by kind
    const auto report = [&](std::string_view what, std::string_view name, const std::string& more) {
        constexpr std::size_t longest = 80;
        Problem& problem = problems[what];
        if (++problem.count > most_listed) return;
        problem.first.push_back(std::string(name.substr(0, longest)) + (name.size() > longest ? "…" : "") + more);
    };
    for (const Parameter& p : graph_.parameters) {
        const std::string_view name = graph_.name(p);
        if (p.role == Role::ignored || (p.role == Role::preset && !source_.contains(name))) continue;
        const Dimensions wanted = dimensions(p);
        const auto found = source_.shape_of(name, wanted);
        if (!found) report("missing", name, " " + text(wanted));
        else if (!fits(static_cast<int>(&p - graph_.parameters.data()), *found))
            report("mismatched", name, " " + text(*found) + " instead of " + text(wanted));
    }
    for (const std::string_view name : source_.others()) report("unexpected", name, "");
    if (problems.empty()) return;
    if (const auto classes = other_classes(); classes && problems.size() == 1 && problems.contains("mismatched"))
        throw Error(Fault::mismatch,
                    {.file = source_.origin(),
                     .place = "classes",
                     .found = "weights for " + std::to_string(*classes),
                     .wanted = std::to_string(graph_.output_shape().channels),
                     .remedy = "use the network's type with as many classes as the weights have; of an example, "
                               "-DTAXON_CLASSES=" +
                               std::to_string(*classes) + " builds it"});
    const std::size_t share = problems.size() == 1 ? most_listed : 3;  // so that the line has room for every count
    std::string found;
    for (const auto& [what, problem] : problems) {
        found.append(found.empty() ? "" : "; ").append(std::to_string(problem.count)).append(" ").append(what);
        for (std::size_t i = 0; i < std::min(problem.count, share); ++i)
            found.append(i > 0 ? ", " : ": ").append(problem.first[i]);
        if (problem.count > share) found.append(", …");
    }
    throw Error(Fault::mismatch, {.file = source_.origin(),
                                  .place = "parameters",
                                  .found = found,
                                  .wanted = "exactly the " + std::to_string(graph_.parameters.size()) +
                                            " parameters of this architecture",
                                  .remedy = remedy(problems.contains("missing") || problems.contains("mismatched"))});
}

TAXON_DECL std::optional<std::int64_t> Parameters::other_classes() const {
    int value = graph_.outputs.front().node;
    while (graph_.node(value).op == Op::add) value = graph_.operand(graph_.node(value), 0);  // of several heads' logits
    const Node& last = graph_.node(value);
    if (graph_.outputs.size() > 1 || last.op != Op::convolution || last.out.pixels() != 1 || last.out.sequence)
        return std::nullopt;
    const Parameter& weight = graph_.parameters[static_cast<std::size_t>(last.parameter)];
    Dimensions wanted = dimensions(weight);
    const auto found = source_.shape_of(graph_.name(weight), wanted);
    if (!found || found->empty() || found->front() == wanted.front()) return std::nullopt;
    wanted.front() = found->front();
    return *found == wanted ? std::optional(found->front()) : std::nullopt;
}

TAXON_DECL std::string Parameters::remedy(bool lacks_some) const {
    if (const auto [prefix, fitting] = source_.elsewhere(graph_); fitting != 0)
        return std::to_string(fitting) + " parameters have the prefix '" + std::string(prefix) + "': --weights-key " +
               std::string(prefix) + " takes only those";
    const auto is_there = [&](const Parameter& p) { return source_.contains(graph_.name(p)); };
    if (std::none_of(graph_.parameters.begin(), graph_.parameters.end(), is_there))
        return "these are weights of another network: choose the program and the variant that they belong to";
    if (!lacks_some) return "choose the variant that has them, or save the weights without them";
    return "choose the variant that the weights were trained for";
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
