#include <taxon/weights/fitted_weights.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/quantize/equalise.hpp>
#include <taxon/weights/parameters.hpp>
#include <taxon/zoo/yolov5.hpp>

#include "catch.hpp"
#include "weights/two_class_head.hpp"
#include "eval/scratch_folder.hpp"
#include "io/module_writer.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

/// Two YOLO blocks, a pair of convolutions side by side, and anchors: names with the scope `model.`, as YOLOv5's.
struct Detector {
    static constexpr Shape input{3, 8, 8};
    static constexpr void trace(Tracer& tracer) { tracer.scope("model", layers); }
    static constexpr void layers(Tracer& tracer) {
        tracer.scope(0, zoo::yolo::Conv<3, 8, 3>::trace);
        tracer.scope(1, zoo::yolo::TwoConvs<8, 8>::trace);
        tracer.scope(2, [](Tracer& head) {
            const int anchors = head.parameter("anchors", Role::preset, 1, 3, 2);
            head.scope("m", Conv2d<16, 21, 1, 1, 1, true>::trace);
            two_class_head(anchors).trace(head);
        });
    }
};

struct LayersInARow {
    static constexpr Shape input{3, 8, 8};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<3, 8, 3, 1, 1, true>, ReLU, Conv2d<8, 4, 3, 1, 1, true>>::trace(tracer);
    }
};

/// A checkpoint whose tensors are all of one number, which their order determines.
class Checkpoint final : public WeightSource {
  public:
    using Rename = std::function<std::string(std::string)>;

    Checkpoint(GraphView graph, const Rename& rename) {
        for (const Parameter& p : graph.parameters)
            tensors[rename(std::string(graph.name(p)))] = {Dimensions(p.shape.begin(), p.shape.begin() + p.rank),
                                                           static_cast<float>(tensors.size() + 1)};
    }
    std::string origin() const override { return "best.pt"; }
    std::vector<std::string_view> names() const override {
        std::vector<std::string_view> all;
        for (const auto& [name, tensor] : tensors) all.push_back(name);
        return all;
    }
    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t>) const override {
        const auto found = tensors.find(name);
        return found == tensors.end() ? std::nullopt : std::optional(found->second.shape);
    }
    void read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const override {
        std::fill(to.begin(), to.end(), tensors.find(name)->second.number);
    }

    struct Tensor {
        Dimensions shape{};
        float number = 0;
    };
    std::map<std::string, Tensor, std::less<>> tensors{};
};

constexpr GraphView detector = graph_of<Detector>, classifier = graph_of<networks::Branches>;

std::vector<float> all_numbers(GraphView graph, const WeightSource& source) {
    const Parameters parameters(graph, source);
    std::vector<float> all;
    for (int i = 0; i < static_cast<int>(graph.parameters.size()); ++i)
        if (graph.parameters[static_cast<std::size_t>(i)].role != Role::ignored)
            for (const float x : parameters[i]) all.push_back(x);
    return all;
}

Checkpoint::Rename behind(const std::string& prefix) {
    return [prefix](const std::string& name) { return prefix + name; };
}

}  // namespace

TEST_CASE("R5: names with model. and module. in any order and number are fitted", "[cases]") {
    for (const GraphView& graph : {detector, classifier}) {
        const std::vector<float> wanted = all_numbers(graph, Checkpoint(graph, behind("")));
        for (const char* prefix :
             {"model.", "module.", "module.model.", "model.module.", "model.model.module.model."}) {
            INFO(prefix);
            const Checkpoint checkpoint(graph, behind(prefix));
            CHECK(FittedWeights(graph, checkpoint).prefix() == prefix);
            CHECK(all_numbers(graph, checkpoint) == wanted);
        }
    }
    // saved without the network's own scope
    const Checkpoint bare(detector, [](const std::string& name) { return name.substr(6); });
    CHECK(all_numbers(detector, bare) == all_numbers(detector, Checkpoint(detector, behind(""))));
}

TEST_CASE("R5: a prefix that some names lack stays, and so do names that fit as they are", "[cases]") {
    Checkpoint some(classifier, behind("model."));
    some.tensors["loss.weight"] = {{1}, 1};
    CHECK(FittedWeights(classifier, some).prefix().empty());
    CHECK(error_of([&] { Parameters(classifier, some); }).facts().remedy.find("--weights-key model. ") !=
          std::string::npos);
    CHECK(FittedWeights(detector, Checkpoint(detector, behind(""))).prefix().empty());
}

TEST_CASE("R1: YOLOv5's anchor_grid beside anchors is left out, and no other", "[cases]") {
    Checkpoint checkpoint(detector, behind("module."));
    checkpoint.tensors["module.model.2.anchor_grid"] = {{1, 1, 3, 1, 1, 2}, 9};
    CHECK_NOTHROW(Parameters(detector, checkpoint));
    checkpoint.tensors["module.model.1.anchor_grid"] = {{1, 1, 3, 1, 1, 2}, 9};
    CHECK(error_of([&] { Parameters(detector, checkpoint); }).facts().found ==
          "1 unexpected: module.model.1.anchor_grid");
}

TEST_CASE("R16: a normalisation that is folded into its convolution changes no bit of it", "[cases]") {
    Checkpoint fused(detector, behind(""));
    std::erase_if(fused.tensors, [](const auto& tensor) { return tensor.first.find(".bn.") != std::string::npos; });
    fused.tensors["model.0.conv.bias"] = {{8}, 0.3f};
    fused.tensors["model.1.cv1.conv.bias"] = {{8}, -0.7f};
    fused.tensors["model.1.cv2.conv.bias"] = {{8}, 1.1f};
    fused.tensors["model.0.conv.weight"].number = 0.1f;
    fused.tensors["model.1.cv2.conv.weight"].number = 16777215.f;  // of a full mantissa

    const Parameters parameters(detector, fused);
    for (const Node& node : detector.nodes) {
        if (node.op != Op::batch_norm) continue;
        const Node& convolution = detector.node(detector.operand(node, 0));
        const Affine folded = affine(node, parameters);
        const std::vector<float> weights = parameters.weights(convolution);
        const std::size_t each = weights.size() / folded.scale.size();
        for (std::size_t i = 0; i < weights.size(); ++i)
            REQUIRE(static_cast<float>(weights[i] * folded.scale[i / each]) == weights[i]);
        for (std::size_t c = 0; c < folded.shift.size(); ++c) {
            const float wanted = convolution.parts == 1 ? 0.3f : c < 8 ? -0.7f : 1.1f;
            REQUIRE(static_cast<float>(folded.shift[c]) == wanted);
        }
    }
    fused.tensors.erase("model.1.cv2.conv.bias");
    CHECK(error_of([&] { Parameters(detector, fused); }).facts().found.starts_with("4 missing: model.1.cv2.bn.weight"));
    fused.tensors["model.1.cv2.conv.bias"] =
        fused.tensors["model.1.cv2.bn.bias"] = {{8}, 1};  // neither the one nor the other
    CHECK(error_of([&] { Parameters(detector, fused); }).facts().found.find("1 unexpected: model.1.cv2.conv.bias") !=
          std::string::npos);
}

TEST_CASE("R16: YOLOv5's Focus checkpoints are told apart by name", "[cases]") {
    Checkpoint focus(detector, behind(""));
    focus.tensors["model.0.conv.conv.weight"] = {{8, 12, 3, 3}, 1};
    focus.tensors.erase("model.0.conv.weight");
    const Error error = error_of([&] { Parameters(detector, focus); });
    CHECK(error.fault() == Fault::mismatch);
    CHECK(error.facts().found.starts_with("a YOLOv5 of release 5 or before"));
    CHECK(std::string_view(error.what()).size() < 300);
}

TEST_CASE("R5: equalised weights are found under a source's prefix", "[cases]") {
    const Checkpoint bare(graph_of<LayersInARow>, behind("")), wrapped(graph_of<LayersInARow>, behind("module.model."));
    const quantize::Equalised a(graph_of<LayersInARow>, bare), b(graph_of<LayersInARow>, wrapped);
    CHECK(all_numbers(graph_of<LayersInARow>, a) == all_numbers(graph_of<LayersInARow>, b));
    CHECK(all_numbers(graph_of<LayersInARow>, a) != all_numbers(graph_of<LayersInARow>, bare));
}

TEST_CASE("R1, R16: YOLOv5's modules of every release from 6.0, plain, fused, and with anchor_grid", "[cases]") {
    constexpr GraphView graph = graph_of<zoo::Yolov5n<2, 64>>;
    const ScratchFolder folder("fitted_weights_modules");
    const io::SyntheticWeights numbers;
    for (const bool fused : {false, true})
        for (const bool anchor_grid : {false, true}) {
            const auto path =
                folder.write("best.pt", test::pickled::ModuleWriter(graph, numbers, {anchor_grid, fused}).bytes());
            const auto file = io::WeightFile::open(path);
            const Parameters parameters(graph, file);
            for (const Node& node : graph.nodes) {
                if (node.op == Op::boxes)
                    CHECK(parameters.anchors(node)[1] ==
                          static_cast<float>(node.head * 6 + 2) / 4 * static_cast<float>(node.stride));
                if (!fused || node.op != Op::batch_norm) continue;
                const Affine folded = affine(node, parameters);
                CHECK(folded.shift.front() == parameters[node.parameter + 1].front());
                CHECK(static_cast<float>(folded.scale.front()) == 1);
            }
        }
}
