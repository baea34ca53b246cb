#include <taxon/plan/superstep.hpp>

#include <taxon/backend/cpu/run_time_network.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/plan/owned_plan.hpp>
#include <taxon/zoo/bert.hpp>
#include <taxon/zoo/convnext.hpp>
#include <taxon/zoo/densenet.hpp>
#include <taxon/zoo/efficientnet.hpp>
#include <taxon/zoo/efficientnet_lite.hpp>
#include <taxon/zoo/googlenet.hpp>
#include <taxon/zoo/mobilenet_v2.hpp>
#include <taxon/zoo/mobilenet_v3.hpp>
#include <taxon/zoo/regnet.hpp>
#include <taxon/zoo/resnet.hpp>
#include <taxon/zoo/shufflenet_v2.hpp>
#include <taxon/zoo/vision_transformer.hpp>
#include <taxon/zoo/volo.hpp>
#include <taxon/zoo/yolov3.hpp>
#include <taxon/zoo/yolov5.hpp>

#include <algorithm>

#include "backend/cpu/in_turn.hpp"
#include "backend/cpu/run_end_to_end.hpp"
#include "catch.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

/// Barriers of a run that has one before each shared step, and one after it if another thread goes on alone; as many as
/// there were before supersteps.
int barriers_step_by_step(PlanView plan) {
    int count = 0;
    bool together = true;
    for (const Step& step : plan.steps) {
        count += together || step.shared ? 1 : 0;
        together = step.shared;
    }
    return count;
}

struct Barriers {
    int step_by_step, supersteps;
    bool operator==(const Barriers&) const = default;
};
std::ostream& operator<<(std::ostream& to, const Barriers& barriers) {
    return to << barriers.step_by_step << " before, now " << barriers.supersteps;
}

/// The conversion of the input, which all share, comes before the first superstep.
template <class A>
Barriers barriers_of() {
    const OwnedPlan plan = owned_plan_of<A>({});
    const auto supersteps = supersteps_of(plan.view(), 2);
    return {barriers_step_by_step(plan.view()), static_cast<int>(supersteps.size())};
}

/// If a part read what another one of its superstep writes, some order would change the outputs.
template <class A>
void check_orders(cpu::Isa isa = cpu::default_isa()) {
    constexpr GraphView graph = graph_of<A>;
    const io::SyntheticWeights weights("order");
    const auto sample = io::synthetic_input("order", "input", sample_size(graph.inputs, graph.node(0).out.width));
    const auto wanted =
        run_end_to_end(cpu::RunTimeNetwork(graph, weights, {.isa = isa, .threads = 1}).executable(), graph, sample);
    for (const int parts : {2, 3})
        for (const bool backwards : {false, true}) {
            INFO(parts << " parts" << (backwards ? ", backwards" : ""));
            InTurn executor(parts, backwards);
            const cpu::RunTimeNetwork network(graph, weights, {.isa = isa, .executor = &executor});
            CHECK(std::ranges::equal(run_end_to_end(network.executable(), graph, sample), wanted));
        }
}

/// Supersteps cover the steps in order, and hold every shared step where all share it.
void check_cover(PlanView plan) {
    const auto supersteps = supersteps_of(plan, 2);
    int next = 0;
    for (const Superstep& superstep : supersteps) {
        CHECK(superstep.alone == next);
        CHECK(superstep.first >= superstep.alone);
        CHECK((superstep.first < superstep.last || &superstep == &supersteps.back()));
        for (int i = superstep.alone; i < superstep.first; ++i)
            CHECK_FALSE(plan.steps[static_cast<std::size_t>(i)].shared);
        next = superstep.last;
    }
    CHECK(next == static_cast<int>(plan.steps.size()));
}

}  // namespace

TEST_CASE("supersteps cover all steps") {
    check_cover(owned_plan_of<networks::Branches>({}).view());
    check_cover(owned_plan_of<networks::GatedSlices>({}).view());
    check_cover(owned_plan_of<networks::Transformer>({}).view());
    check_cover(owned_plan_of<zoo::MobileNetV3Small<>>({}).view());
    check_cover(owned_plan_of<zoo::Yolov5n<>>({}).view());
}

TEST_CASE("barriers of each family's runs") {
    CHECK(barriers_of<zoo::MobileNetV3Small<>>() == Barriers{54, 41});
    CHECK(barriers_of<zoo::MobileNetV3Large<>>() == Barriers{70, 55});
    CHECK(barriers_of<zoo::MobileNetV2<>>() == Barriers{54, 42});
    CHECK(barriers_of<zoo::EfficientNetB0<>>() == Barriers{87, 70});
    CHECK(barriers_of<zoo::EfficientNetLite0<>>() == Barriers{51, 42});
    CHECK(barriers_of<zoo::RegNetY400MF<>>() == Barriers{85, 58});
    CHECK(barriers_of<zoo::ResNet50<>>() == Barriers{56, 51});
    CHECK(barriers_of<zoo::DenseNet121<>>() == Barriers{188, 141});
    CHECK(barriers_of<zoo::ShuffleNetV2<>>() == Barriers{104, 57});
    CHECK(barriers_of<zoo::GoogLeNet<>>() == Barriers{72, 51});
    CHECK(barriers_of<zoo::ConvNeXtTiny<>>() == Barriers{136, 89});
    CHECK(barriers_of<zoo::DeitTiny<>>() == Barriers{92, 89});
    CHECK(barriers_of<zoo::VoloD1<>>() == Barriers{170, 147});
    CHECK(barriers_of<zoo::MiniLmL6<>>() == Barriers{46, 45});
    CHECK(barriers_of<zoo::Yolov3<>>() == Barriers{80, 79});
    CHECK(barriers_of<zoo::Yolov5n<>>() == Barriers{60, 43});
}

TEST_CASE("parts of a superstep may run in any order") {
    check_orders<zoo::MobileNetV2<10, 128>>();
    check_orders<zoo::MobileNetV2<10, 128>>(cpu::Isa::portable);
    check_orders<zoo::MobileNetV3Small<10, 160>>();
    check_orders<zoo::ResNet18<10, 96>>();
    check_orders<zoo::ShuffleNetV2<10, 160>>();
    check_orders<zoo::Yolov5n<4, 96>>();
}
