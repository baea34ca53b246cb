#pragma once
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/io/weight_source.hpp>
#include <unordered_set>

namespace taxon {

/// The values of a graph's parameters, read from a source that has exactly them. Throws Fault::mismatch with the full list of what
/// is missing, superfluous or misshapen; parameters with Role::ignored may be there or not.
class Parameters {
  public:
    Parameters(GraphView graph, const WeightSource& source) : graph_(graph), source_(&source) { check(); }

    /// The numbers of a parameter, row-major. Throws Fault::value if one is not finite, or is a negative variance: activations would
    /// hide it, and every answer would be wrong.
    std::vector<float> operator[](int index) const {
        const Parameter& p = graph_.parameters[static_cast<std::size_t>(index)];
        const std::string_view name = graph_.name(p);
        std::vector<float> values(static_cast<std::size_t>(p.count()));
        source_->read(name, dimensions(p), values);
        const bool variance = name.ends_with("running_var");
        const auto bad = std::find_if(values.begin(), values.end(), [&](float x) { return !std::isfinite(x) || (variance && x < 0); });
        if (bad != values.end())
            throw Error(Fault::value, {.file = source_->origin(), .place = "element " + std::to_string(bad - values.begin()) + " of " + std::string(name), .found = std::to_string(*bad),
                                       .wanted = variance ? "a finite number of at least 0" : "a finite number"});
        return values;
    }

    /// A convolution's weights, those of its parts one after the other; and its biases, zeros if it has none.
    std::vector<float> weights(const Node& node) const { return joined(node, node.parameter); }
    std::vector<float> biases(const Node& node) const {
        return node.bias == none ? std::vector<float>(static_cast<std::size_t>(node.out.channels)) : joined(node, node.bias);
    }

  private:
    static constexpr std::size_t most_listed = 50;  // of a kind: a file of another network has hundreds

    std::vector<float> joined(const Node& node, int first) const {
        std::vector<float> all = (*this)[first];
        for (int i = 1; i < node.parts; ++i) {
            const auto more = (*this)[first + i * (node.bias == none ? 1 : 2)];
            all.insert(all.end(), more.begin(), more.end());
        }
        return all;
    }

    static Dimensions dimensions(const Parameter& p) { return Dimensions(p.shape.begin(), p.shape.begin() + p.rank); }

    void check() const {
        std::map<std::string_view, std::vector<std::string>> problems;  // by what is wrong with them
        const auto report = [&](std::string_view what, std::string_view name, const std::string& more) { problems[what].push_back(std::string(name) + more); };
        std::unordered_set<std::string_view> known;
        for (const Parameter& p : graph_.parameters) {
            known.insert(graph_.name(p));
            if (p.role == Role::ignored) continue;
            const Dimensions wanted = dimensions(p);
            const auto found = source_->shape_of(graph_.name(p), wanted);
            if (!found) report("missing", graph_.name(p), " " + text(wanted));
            else if (*found != wanted) report("misshapen", graph_.name(p), " " + text(*found) + " instead of " + text(wanted));
        }
        for (const std::string_view name : source_->names())
            if (!known.contains(name)) report("superfluous", name, "");
        if (problems.empty()) return;
        std::string found;
        for (const auto& [what, names] : problems) {
            found.append(found.empty() ? "" : "; ").append(std::to_string(names.size())).append(" ").append(what).append(": ");
            for (std::size_t i = 0; i < std::min(names.size(), most_listed); ++i) found.append(i > 0 ? ", " : "").append(names[i]);
            if (names.size() > most_listed) found.append(", …");
        }
        throw Error(Fault::mismatch, {.file = source_->origin(), .place = "parameters", .found = found,
                                      .wanted = "exactly the " + std::to_string(graph_.parameters.size()) + " parameters of this architecture",
                                      .remedy = "choose the variant and the number of classes that the weights were trained for"});
    }

    static std::string text(const Dimensions& dimensions) {
        std::string result = "(";
        for (std::size_t i = 0; i < dimensions.size(); ++i) result.append(i > 0 ? ", " : "").append(std::to_string(dimensions[i]));
        return result + ")";
    }

    GraphView graph_;
    const WeightSource* source_;
};

/// A batch normalisation as one factor and one term per channel, in double since it is folded into other numbers.
struct Affine {
    std::vector<double> scale, shift;
};

inline Affine affine(const Node& norm, const Parameters& parameters) {
    const auto gamma = parameters[norm.parameter], beta = parameters[norm.parameter + 1];
    const auto mean = parameters[norm.parameter + 2], variance = parameters[norm.parameter + 3];
    Affine result{std::vector<double>(gamma.size()), std::vector<double>(gamma.size())};
    for (std::size_t c = 0; c < gamma.size(); ++c) {
        result.scale[c] = gamma[c] / std::sqrt(variance[c] + 1.0 / static_cast<double>(norm.inverse_epsilon));
        result.shift[c] = beta[c] - mean[c] * result.scale[c];
    }
    return result;
}

}  // namespace taxon
