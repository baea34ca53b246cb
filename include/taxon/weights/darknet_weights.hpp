#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <taxon/graph/graph.hpp>
#include <taxon/io/darknet_file.hpp>
#include <taxon/core/weight_source.hpp>
#include <utility>
#include <vector>

namespace taxon {

/// A Darknet weight file, with the names of a network whose convolutions are traced in the order of its .cfg: for each
/// its biases, or its normalisation's bias, weight, mean and variance; then its weights. Throws Fault::mismatch for a
/// network with another box code than Darknet's, or for another number of classes; Fault::truncated and Fault::unused
/// if the number of floats differs for any other reason.
///
///     const auto model = Detector::load(DarknetWeights("yolov3.weights", Detector::graph));
class DarknetWeights final : public WeightSource {
  public:
    DarknetWeights(const std::filesystem::path& path, GraphView graph) : graph_(graph), file_(path) {
        for (int i = 0; i < graph.size(); ++i)
            if (graph.node(i).op == Op::convolution) add(i);
        check_code();
        check_size();
    }

    std::string origin() const override { return file_.origin(); }
    std::vector<std::string_view> names() const override {
        std::vector<std::string_view> all;
        for (const auto& [name, place] : places_) all.push_back(name);
        return all;
    }
    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t>) const override {
        const auto found = places_.find(name);
        return found == places_.end() ? std::nullopt : std::optional(found->second.shape);
    }
    void read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const override {
        const auto found = places_.find(name);
        if (found == places_.end())
            throw Error(Fault::missing,
                        {.file = origin(), .place = "tensor '" + std::string(name) + "'", .found = "no such tensor"});
        file_.read(found->second.first, to);
    }

  private:
    struct Place {
        std::size_t first;
        Dimensions shape;
    };

    void add(int convolution) {
        const Node& node = graph_.node(convolution);
        if (const int norm = norm_of(convolution); norm != none) {
            const int first = graph_.node(norm).parameter;
            // bias, weight, mean, variance
            for (const int parameter : {first + 1, first, first + 2, first + 3}) add_parameter(parameter);
        } else if (node.bias != none) add_parameter(node.bias);
        add_parameter(node.parameter);
    }
    int norm_of(int convolution) const {
        for (int i = convolution + 1; i < graph_.size(); ++i)
            if (graph_.node(i).op == Op::batch_norm && graph_.operand(graph_.node(i), 0) == convolution) return i;
        return none;
    }
    void add_parameter(int index) {
        const Parameter& p = graph_.parameters[static_cast<std::size_t>(index)];
        places_[graph_.name(p)] = {wanted_, Dimensions(p.shape.begin(), p.shape.begin() + p.rank)};
        wanted_ += static_cast<std::size_t>(p.count());
    }

    void check_code() const {
        for (const Node& node : graph_.nodes)
            if (node.op == Op::boxes && node.code != BoxCode::darknet)
                throw Error(Fault::mismatch, {.file = origin(),
                                              .place = "boxes",
                                              .found = "Darknet's weights",
                                              .wanted = "those of a network with YOLOv5's box code",
                                              .remedy = "use the network's type for Darknet's weights, such as "
                                                        "zoo::Yolov3Darknet; of the example, --variant 416-darknet"});
    }

    /// Every float belongs to some layer: a surplus or a deficit means another network. Each class adds an output to
    /// each anchor's map.
    void check_size() const {
        const std::size_t found = file_.size();
        if (found == wanted_) return;
        long of_class = 0, classes = 0;
        for (const Node& node : graph_.nodes)
            if (node.op == Op::boxes)
                of_class += node.groups * (graph_.node(graph_.operand(node, 0)).in.channels + 1L),
                    classes = node.out.channels - 5;
        const long more = static_cast<long>(found) - static_cast<long>(wanted_);
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
                     .remedy = more < 0
                                   ? "fetch the file again; the weights of a network's first layers alone will not do"
                                   : "choose the network that the weights were trained for"});
    }

    GraphView graph_;
    io::DarknetFile file_;
    std::map<std::string_view, Place> places_{};
    std::size_t wanted_ = 0;
};

}  // namespace taxon
