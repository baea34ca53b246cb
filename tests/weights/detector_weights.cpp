#include <taxon/weights/detector_weights.hpp>

#include <map>
#include <taxon/weights/parameters.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/boxes.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/zoo/yolo.hpp>

#include "catch.hpp"
#include "weights/two_class_head.hpp"

using namespace taxon;

namespace {

/// One head of 3 anchors and 2 classes, whose anchors a file may hold.
struct Detector {
    static constexpr Shape input{3, 8, 8};
    static constexpr void trace(Tracer& tracer) {
        tracer.scope(0, zoo::yolo::Conv<3, 8, 3>::trace);
        const int anchors = tracer.parameter("1.anchors", Role::preset, 1, 3, 2);
        tracer.scope(1, [&](Tracer& head) {
            head.scope("m", Conv2d<8, 21, 1, 1, 1, true>::trace);
            two_class_head(anchors).trace(head);
        });
    }
};

constexpr GraphView graph = graph_of<Detector>;

/// A checkpoint of ones, with shapes and facts that can be changed.
class Checkpoint final : public WeightSource {
  public:
    Checkpoint() {
        for (const Parameter& p : graph.parameters)
            shapes[std::string(graph.name(p))] = Dimensions(p.shape.begin(), p.shape.begin() + p.rank);
    }
    std::string origin() const override { return "best.pt"; }
    std::vector<std::string_view> names() const override {
        std::vector<std::string_view> all;
        for (const auto& [name, shape] : shapes) all.push_back(name);
        return all;
    }
    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t>) const override {
        const auto found = shapes.find(std::string(name));
        return found == shapes.end() ? std::nullopt : std::optional(found->second);
    }
    void read(std::string_view, std::span<const std::int64_t>, std::span<float> to) const override {
        std::fill(to.begin(), to.end(), 1.5f);
    }
    ModuleFacts facts() const override { return module; }

    std::map<std::string, Dimensions> shapes{};
    ModuleFacts module{};
};

std::string refusal(const Checkpoint& checkpoint) {
    try {
        Parameters(graph, checkpoint);
    } catch (const Error& error) {
        CHECK(error.fault() == Fault::mismatch);
        return error.what();
    }
    return "bound";
}

bool has(const std::string& sentence, std::string_view part) { return sentence.find(part) != std::string::npos; }

const Node& boxes() { return graph.nodes.back(); }

}  // namespace

TEST_CASE("a detector's checkpoint binds, with its anchors in units of the stride") {
    Checkpoint checkpoint;
    checkpoint.module.classes = {"models.yolo.DetectionModel", "torch.nn.modules.activation.SiLU"};
    checkpoint.module.numbers["eps"] = {1e-3};
    CHECK(refusal(checkpoint) == "bound");
    CHECK(Parameters(graph, checkpoint).anchors(boxes()) == std::vector<float>(6, 12.f));
}

TEST_CASE("without anchors in the file, the type's are used") {
    Checkpoint checkpoint;
    checkpoint.shapes.erase("1.anchors");
    CHECK(Parameters(graph, checkpoint).anchors(boxes()) == std::vector<float>{10, 13, 16, 30, 33, 23});
    checkpoint.shapes["1.anchors"] = {1, 4, 2};
    CHECK(has(refusal(checkpoint), "1 mismatched: 1.anchors (1, 4, 2) instead of (1, 3, 2)"));
}

TEST_CASE("weights for another number of classes are refused with both numbers") {
    Checkpoint checkpoint;
    checkpoint.shapes["1.m.weight"] = {24, 8, 1, 1};
    checkpoint.shapes["1.m.bias"] = {24};
    CHECK(has(refusal(checkpoint), "best.pt: classes: [mismatch] found weights for 3, wanted 2"));
}

TEST_CASE("weights of segmentation and classification are refused as such") {
    Checkpoint masks;
    masks.shapes["1.proto.cv1.conv.weight"] = {8, 8, 1, 1};
    CHECK(has(refusal(masks), "found a segmentation network"));
    Checkpoint classifier;
    classifier.shapes["1.linear.weight"] = {8, 8};
    CHECK(has(refusal(classifier), "found a classification network"));
}

TEST_CASE("a module that computes something else with the same parameters is refused") {
    Checkpoint relu;
    relu.module.classes = {"torch.nn.modules.activation.LeakyReLU"};
    CHECK(has(refusal(relu), "activations: [mismatch] found torch.nn.modules.activation.LeakyReLU"));
    Checkpoint unknown;
    unknown.module.classes = {"torch.nn.modules.activation.Mish"};
    CHECK(has(refusal(unknown), "activation.Mish"));
    Checkpoint epsilon;
    epsilon.module.numbers["eps"] = {1e-3, 1e-5};
    CHECK(has(refusal(epsilon), "eps: [mismatch] found 0.000010"));
}
