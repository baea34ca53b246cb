#pragma once
#include <algorithm>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/describe/layers.hpp>
#include <taxon/app/diff/dumped_layers.hpp>
#include <taxon/app/diff/layer_comparison.hpp>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

inline std::string name_in(GraphView graph, int node) {
    const auto name = graph.name(graph.node(node));
    return name.empty() ? fmt::format("value {}", node) : std::string(name);
}

inline std::vector<std::string> names_in(GraphView graph, std::span<const int> nodes) {
    std::vector<std::string> names;
    for (const int node : nodes) names.push_back(name_in(graph, node));
    return names;
}

/// "channel 3, row 0, column 7"
inline std::string place_in(Shape shape, std::size_t number) {
    const auto channels = static_cast<std::size_t>(shape.channels), width = static_cast<std::size_t>(shape.width),
               pixels = static_cast<std::size_t>(shape.pixels());
    if (shape.sequence) return fmt::format("token {}, feature {}", number / channels, number % channels);
    if (shape.table) return fmt::format("row {}, column {}", number / channels, number % channels);
    if (pixels == 1) return fmt::format("channel {}", number);
    return fmt::format("channel {}, row {}, column {}", number / pixels, number % pixels / width, number % width);
}

inline Json json_of(Shape shape, const Difference::Place& place) {
    return json_object({{"sample", place.sample},
                        {"number", place.number},
                        {"place", place_in(shape, place.number)},
                        {"found", place.found},
                        {"right", place.right}});
}

inline std::string readable(Shape shape, const Difference::Place& place) {
    return fmt::format("input {}, {}: {:g}, right is {:g}", place.sample, place_in(shape, place.number), place.found,
                       place.right);
}

}  // namespace detail

/// `files`: the right side, if it is a folder; else null.
inline Json json_of(const LayerComparison& comparison, const DumpedLayers* files) {
    const GraphView graph = comparison.graph();
    Json layers = Json::array(), uncompared = Json::array();
    for (const auto& [node, shape, tolerance, difference, fused] : comparison.layers()) {
        Json row = json_object({{"name", graph.name(graph.node(node))},
                                {"operation", detail::operation_of(graph.node(node))},
                                {"output", json_of(shape)},
                                {"largest", difference.largest()},
                                {"rms", difference.rms()},
                                {"relative", difference.relative()},
                                {"snr_db", difference.snr_db()},
                                {"cosine", difference.cosine()},
                                {"tolerance", tolerance},
                                {"within", difference.nonfinite() == 0 && difference.relative() <= tolerance},
                                {"fused", detail::names_in(graph, fused)}});
        if (difference.largest() > 0) row["largest_at"] = detail::json_of(shape, difference.largest_at());
        if (difference.nonfinite() > 0)
            row["nonfinite"] = json_object({{"found", difference.nonfinite_found()},
                                            {"right", difference.nonfinite_right()},
                                            {"first", detail::json_of(shape, difference.first_nonfinite())}});
        layers.push_back(std::move(row));
    }
    for (const auto& [node, found, carrier] : comparison.uncompared()) {
        Json row = json_object({{"name", graph.name(graph.node(node))}, {"shown_by", found ? "found" : "right"}});
        if (carrier != none && !(found && files != nullptr)) row["fused_into"] = graph.name(graph.node(carrier));
        if (const Dimensions* shape = found && files != nullptr ? files->mismatch(node) : nullptr)
            row["shape"] = *shape;
        uncompared.push_back(std::move(row));
    }
    const ComparedLayer* first = comparison.first_beyond();
    return json_object({{"layers", std::move(layers)},
                        {"not_compared", std::move(uncompared)},
                        {"first_beyond", first == nullptr ? Json() : Json(graph.name(graph.node(first->node)))},
                        {"passed", first == nullptr}});
}

inline std::string readable(const LayerComparison& comparison) {
    const GraphView graph = comparison.graph();
    std::size_t name = 5, output = 6;
    for (const ComparedLayer& layer : comparison.layers()) {
        name = std::max(name, detail::name_in(graph, layer.node).size());
        output = std::max(output, readable(layer.shape).size());
    }
    std::string text =
        fmt::format("{:<{}}  {:<{}}  {:>9}  {:>9}  {:>9}  {:>9}  {:>10}    {}\n", "layer", name, "output", output,
                    "largest", "rms", "relative", "tolerance", "cosine", "fused into it on this side alone");
    for (const ComparedLayer& layer : comparison.layers()) {
        const Difference& difference = layer.difference;
        std::string fused;
        for (const int node : layer.fused) fused += (fused.empty() ? "" : ", ") + detail::name_in(graph, node);
        text +=
            fmt::format("{:<{}}  {:<{}}  {:>9.2e}  {:>9.2e}  {:>9.2e}  {:>9.2e}  {:>10.7f}  {} {}",
                        detail::name_in(graph, layer.node), name, readable(layer.shape), output, difference.largest(),
                        difference.rms(), difference.relative(), layer.tolerance, difference.cosine(),
                        difference.nonfinite() > 0 ? 'N'
                        : layer.within()           ? ' '
                                                   : '>',
                        fused);
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    return text;
}

/// Layers that are in no row of the table.
inline std::string readable_uncompared(const LayerComparison& comparison, const DumpedLayers* files) {
    const GraphView graph = comparison.graph();
    std::string here, there;
    for (const auto& [node, found, carrier] : comparison.uncompared()) {
        const bool in_table = !found && std::any_of(comparison.layers().begin(), comparison.layers().end(),
                                                    [into = carrier](const auto& row) { return row.node == into; });
        if (in_table) continue;
        std::string& list = found ? here : there;
        list += (list.empty() ? "" : ", ") + detail::name_in(graph, node);
        if (const Dimensions* shape = found && files != nullptr ? files->mismatch(node) : nullptr)
            list += " (there of shape " + io::to_string(*shape) + ")";
        else if (carrier != none && !(found && files != nullptr))
            list += " (fused into " + detail::name_in(graph, carrier) + ")";
    }
    std::string text;
    if (!here.empty())
        text += (files != nullptr ? "not in the folder: " : "fused away on the right side: ") + here + "\n";
    if (!there.empty()) text += "fused away on this side: " + there + "\n";
    return text;
}

/// What the comparison says: the first layer that is not as it should be.
inline std::string sentence_of(const LayerComparison& comparison) {
    const ComparedLayer* first = comparison.first_beyond();
    if (first == nullptr) return fmt::format("all {} layers are within their tolerance", comparison.layers().size());
    const Difference& difference = first->difference;
    const std::string layer = fmt::format("{} ({})", detail::name_in(comparison.graph(), first->node),
                                          detail::operation_of(comparison.graph().node(first->node)));
    if (difference.nonfinite() > 0)
        return fmt::format("first layer with NaN or infinity: {}, {} numbers on this side, {} on the right one, first "
                           "at {}",
                           layer, difference.nonfinite_found(), difference.nonfinite_right(),
                           detail::readable(first->shape, difference.first_nonfinite()));
    return fmt::format("first layer beyond its tolerance: {}, relative difference {:.2e}, allowed {:.2e}; largest "
                       "{:.2e} at {}",
                       layer, difference.relative(), first->tolerance, difference.largest(),
                       detail::readable(first->shape, difference.largest_at()));
}

}  // namespace taxon::app
