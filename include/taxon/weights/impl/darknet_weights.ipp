#pragma once
#include <cstdint>

namespace taxon {

TAXON_DECL DarknetWeights::DarknetWeights(const std::filesystem::path& path, GraphView graph)
    : graph_(graph), file_(path) {
    for (int i = 0; i < graph.size(); ++i)
        if (graph.node(i).op == Op::convolution) add(i);
    check_code();
    check_size();
}

TAXON_DECL std::string DarknetWeights::origin() const { return file_.origin(); }

TAXON_DECL std::vector<std::string_view> DarknetWeights::names() const {
    std::vector<std::string_view> all;
    for (const auto& [name, place] : places_) all.push_back(name);
    return all;
}

TAXON_DECL std::optional<Dimensions> DarknetWeights::shape_of(std::string_view name,
                                                              std::span<const std::int64_t>) const {
    const auto found = places_.find(name);
    return found == places_.end() ? std::nullopt : std::optional(found->second.shape);
}

TAXON_DECL void DarknetWeights::read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const {
    const auto found = places_.find(name);
    if (found == places_.end())
        throw Error(Fault::missing,
                    {.file = origin(), .place = "tensor '" + std::string(name) + "'", .found = "no such tensor"});
    file_.read(found->second.first, to);
}

TAXON_DECL void DarknetWeights::add(int convolution) {
    const Node& node = graph_.node(convolution);
    if (const int norm = norm_of(convolution); norm != none) {
        const int first = graph_.node(norm).parameter;
        // bias, weight, mean, variance
        for (const int parameter : {first + 1, first, first + 2, first + 3}) add_parameter(parameter);
    } else if (node.bias != none) add_parameter(node.bias);
    add_parameter(node.parameter);
}

TAXON_DECL int DarknetWeights::norm_of(int convolution) const {
    for (int i = convolution + 1; i < graph_.size(); ++i)
        if (graph_.node(i).op == Op::batch_norm && graph_.operand(graph_.node(i), 0) == convolution) return i;
    return none;
}

TAXON_DECL void DarknetWeights::add_parameter(int index) {
    const Parameter& p = graph_.parameters[static_cast<std::size_t>(index)];
    places_[graph_.name(p)] = {wanted_, Dimensions(p.shape.begin(), p.shape.begin() + p.rank)};
    wanted_ += static_cast<std::size_t>(p.count());
}

TAXON_DECL void DarknetWeights::check_code() const {
    for (const Node& node : graph_.nodes)
        if (node.op == Op::boxes && node.code != BoxCode::darknet)
            throw Error(Fault::mismatch, {.file = origin(),
                                          .place = "boxes",
                                          .found = "Darknet's weights",
                                          .wanted = "those of a network with YOLOv5's box code",
                                          .remedy = "use the network's type for Darknet's weights, such as "
                                                    "zoo::Yolov3Darknet; of the example, --variant 416-darknet"});
}

/// Darknet's other networks with heads of three anchors, by the floats of their layers: those of yolov3.cfg, with
/// one more convolution in yolov3-spp.cfg; yolov3-tiny.cfg has 8,662,384 beside its two heads of 512 and 256 channels.
TAXON_DECL void DarknetWeights::check_variant(std::int64_t found) const {
    struct Variant {
        std::string_view name;
        std::int64_t layers, of_output;  ///< floats
    };
    constexpr Variant variants[] = {
        {"YOLOv3-tiny", 8'662'384, 512 + 256 + 2},
        {"YOLOv3-SPP", 61'544'032 + std::int64_t{2048} * 512 + std::int64_t{4} * 512, 1024 + 512 + 256 + 3}};
    for (const auto& [name, layers, of_output] : variants) {
        const std::int64_t outputs = found - layers, each = 3 * of_output;
        constexpr std::int64_t box = 5, most_classes = 10'000;
        if (outputs % each != 0 || outputs / each <= box || outputs / each > box + most_classes) continue;
        throw Error(Fault::mismatch, {.file = origin(),
                                      .place = "weights",
                                      .found = "those of " + std::string(name) + " for " +
                                               std::to_string(outputs / each - box) + " classes",
                                      .wanted = "those of this network",
                                      .remedy = "choose yolov3.weights; " + std::string(name) + " is not supported"});
    }
}

TAXON_DECL void DarknetWeights::check_size() const {
    const std::size_t found = file_.size();
    if (found == wanted_) return;
    std::int64_t of_class = 0, classes = 0;
    for (const Node& node : graph_.nodes)
        if (node.op == Op::boxes)
            of_class += node.groups * (graph_.node(graph_.operand(node, 0)).in.channels + std::int64_t{1}),
                classes = node.out.channels - 5;
    check_variant(static_cast<std::int64_t>(found));
    const std::int64_t more = static_cast<std::int64_t>(found) - static_cast<std::int64_t>(wanted_);
    if (of_class > 0 && more % of_class == 0 && classes + more / of_class > 0)
        throw Error(Fault::mismatch, {.file = origin(),
                                      .place = "classes",
                                      .found = "weights for " + std::to_string(classes + more / of_class),
                                      .wanted = std::to_string(classes),
                                      .remedy = "use the network's type with as many classes as the weights have"});
    throw Error(more < 0 ? Fault::truncated : Fault::unused,
                {.file = origin(),
                 .place = "weights",
                 .found = std::to_string(found) + " floats",
                 .wanted = std::to_string(wanted_),
                 .remedy = more < 0 ? "fetch the file again; the weights of a network's first layers are not enough"
                                    : "choose the network that the weights were trained for"});
}

}  // namespace taxon
