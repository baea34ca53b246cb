#include <algorithm>
#include <set>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/onnx/exporter/export_graph.hpp>
#include <taxon/onnx/lower.hpp>
#include <taxon/plan/owned_plan.hpp>
#include <taxon/zoo/efficientnet.hpp>
#include <taxon/zoo/mobilenet_v2.hpp>
#include <taxon/zoo/resnet.hpp>

#include "catch.hpp"
#include "onnx/exporter/answers_of_file.hpp"

using namespace taxon;

namespace {

/// A type's network, exported, read back and lowered, and the type's own, planned by the same planner.
template <class A>
void check_plan(const char* name) {
    const TracedGraph own({{.shape = A::input}}, A::trace);
    const io::SyntheticWeights weights;
    for (const int opset : {13, 17}) {
        INFO(name << ", opset " << opset);
        const onnx::ModelProto model =
            onnx::export_graph(own.graph(), Parameters(own.graph(), weights), {.opset = opset}, name);
        const AnswersOfFile file(own.graph(), model);
        const onnx::Network network = onnx::lower(file.program());
        const TracedGraph imported = network.traced();
        REQUIRE(imported.problem() == "");
        const OwnedPlan right = plan_at_run_time(own.graph()), found = plan_at_run_time(imported.graph());
        REQUIRE(found.steps.size() == right.steps.size());
        for (std::size_t i = 0; i < right.steps.size(); ++i) {
            INFO("step " << i << ", " << own.graph().name(own.graph().node(right.steps[i].last)));
            CHECK(found.steps[i].geometry == right.steps[i].geometry);
        }
        CHECK(found.arena_bytes == right.arena_bytes);
        CHECK(found.weight_bytes == right.weight_bytes);
        const onnx::NetworkWeights tensors(network);
        const auto names = tensors.names();
        const std::set<std::string_view> kept(names.begin(), names.end());
        for (const onnx::TensorProto& tensor : model.graph.initializers)
            if (tensor.name.ends_with(".weight") || tensor.name.ends_with(".bias")) CHECK(kept.contains(tensor.name));
    }
}

}  // namespace

TEST_CASE("onnx: a network that is exported and imported again has the plan of its type, and its names") {
    check_plan<zoo::MobileNetV2<10, 64>>("MobileNetV2");
    check_plan<zoo::ResNet50<10, 64>>("ResNet-50");
    check_plan<zoo::EfficientNetB0<10, 64>>("EfficientNet-B0");
}
