#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/core/weight_source.hpp>
#include <utility>

namespace taxon::detail {

/// Reports in one sentence what a list of parameters would hide: weights of another kind of network, or for another
/// number of classes, or a module that computes something else with parameters of the same names. Networks without
/// boxes are not checked. Throws Fault::mismatch.
class DetectorWeights {
  public:
    static void check(GraphView graph, const WeightSource& source) {
        const auto boxes =
            std::find_if(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) { return node.op == Op::boxes; });
        if (boxes == graph.nodes.end()) return;
        const DetectorWeights weights(graph, source);
        weights.check_kind();
        for (const Node& node : graph.nodes)
            if (node.op == Op::boxes) weights.check_classes(node);
        weights.check_module();
    }

  private:
    DetectorWeights(GraphView graph, const WeightSource& source)
        : graph_(graph), source_(source), facts_(source.facts()) {}

    /// Segmentation has mask prototypes beside the boxes, classification a linear layer instead of them
    /// (models/yolo.py, Segment; models/common.py, Classify). Up to release 5, YOLOv5's first layer was Focus, a
    /// convolution in a module.
    void check_kind() const {
        for (const std::string_view name : source_.names()) {
            if (name == "0.conv.conv.weight" || name.ends_with(".0.conv.conv.weight"))
                refuse("weights",
                       "a YOLOv5 of release 5 or before, with '" + std::string(name) + "' of its Focus layer",
                       "one of release 6 or 7", "choose a checkpoint of release 6.0 or later, of the same name");
            const bool masks = name.find(".proto.") != name.npos, linear = name.ends_with(".linear.weight");
            if (masks || linear)
                refuse("weights",
                       std::string(masks ? "a segmentation" : "a classification") + " network, with '" +
                           std::string(name) + "'",
                       "a detection network",
                       "choose a checkpoint for detection, such as yolov5n.pt for yolov5n-seg.pt");
        }
    }

    /// A head's map has (5 + classes) channels per anchor.
    void check_classes(const Node& boxes) const {
        const Node& map = graph_.node(graph_.operand(boxes, 0));
        if (map.op != Op::convolution) return;
        const Parameter& weight = graph_.parameters[static_cast<std::size_t>(map.parameter)];
        const auto found =
            source_.shape_of(graph_.name(weight), Dimensions(weight.shape.begin(), weight.shape.begin() + weight.rank));
        const int wanted = boxes.out.channels - 5;
        if (!found || found->empty() || found->front() % boxes.groups != 0 || found->front() == map.out.channels)
            return;
        const std::int64_t classes = found->front() / boxes.groups - 5;
        if (classes > 0)
            refuse("classes", "weights for " + std::to_string(classes), std::to_string(wanted),
                   "use the network's type with as many classes as the weights have; of an example, -DTAXON_CLASSES=" +
                       std::to_string(classes) + " builds it");
    }

    /// The functions and constants of a whole module, if it was saved as one.
    void check_module() const {
        constexpr std::string_view prefix = "torch.nn.modules.activation.";
        constexpr std::array<std::pair<std::string_view, Activation::Kind>, 5> activations{
            {{"SiLU", Activation::silu},
             {"LeakyReLU", Activation::leaky_relu},
             {"ReLU", Activation::relu},
             {"Hardswish", Activation::hard_swish},
             {"GELU", Activation::gelu}}};
        for (const std::string& name : facts_.classes) {
            if (!name.starts_with(prefix)) continue;
            const auto known = std::find_if(activations.begin(), activations.end(),
                                            [&](const auto& one) { return one.first == name.substr(prefix.size()); });
            const bool used = known != activations.end() &&
                              std::any_of(graph_.nodes.begin(), graph_.nodes.end(),
                                          [&](const Node& node) { return node.activation.kind == known->second; });
            if (!used)
                refuse("activations", name, "those of this network",
                       "use the network that was trained, with its activations");
        }
        check_number("eps", [](const Node& node) {
            return node.op == Op::batch_norm ? 1.0 / static_cast<double>(node.inverse_epsilon) : 0.0;
        });
        check_number("negative_slope", [](const Node& node) {
            return node.activation.kind == Activation::leaky_relu ? static_cast<double>(node.activation.first) : 0.0;
        });
    }

    /// Every such number of the module must be one of the graph's nodes'.
    template <class Of>
    void check_number(std::string_view key, Of of) const {
        const auto found = facts_.numbers.find(key);
        if (found == facts_.numbers.end()) return;
        for (const double number : found->second)
            if (std::none_of(graph_.nodes.begin(), graph_.nodes.end(),
                             [&](const Node& node) { return std::abs(of(node) - number) <= 1e-6 * number; }))
                refuse(std::string(key), std::to_string(number), "the value that this network has",
                       "use the network that was trained");
    }

    [[noreturn]] void refuse(std::string_view place, std::string_view found, std::string_view wanted,
                             std::string_view remedy) const {
        throw Error(Fault::mismatch,
                    {.file = source_.origin(), .place = place, .found = found, .wanted = wanted, .remedy = remedy});
    }

    GraphView graph_;
    const WeightSource& source_;
    ModuleFacts facts_;
};

}  // namespace taxon::detail
