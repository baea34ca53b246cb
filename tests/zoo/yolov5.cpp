#include <taxon/zoo/yolov5.hpp>

#include <taxon/backend/reference/reference.hpp>
#include <taxon/plan/planner.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/model.hpp>

#include "backend/step_by_step.hpp"
#include "eval/scratch_folder.hpp"
#include "graph/plan_invariants.hpp"
#include "io/module_writer.hpp"
#include "shared_data.hpp"
#include "zoo/golden.hpp"

using namespace taxon;
using namespace taxon::test;

namespace {

/// YOLOv5n with a fifth of its channels, some of which are no whole vectors then, for two classes.
struct Small : zoo::yolov5::Network<33, 5, 2, 64> {};

}  // namespace

TEST_CASE("YOLOv5 has as many parameters as its authors', in five sizes") {
    STATIC_REQUIRE(graph_of<zoo::Yolov5n<>>.parameter_count() == 1'872'157);
    STATIC_REQUIRE(graph_of<zoo::Yolov5s<>>.parameter_count() == 7'235'389);
    STATIC_REQUIRE(graph_of<zoo::Yolov5m<>>.parameter_count() == 21'190'557);
    STATIC_REQUIRE(graph_of<zoo::Yolov5l<>>.parameter_count() == 46'563'709);
    STATIC_REQUIRE(graph_of<zoo::Yolov5x<>>.parameter_count() == 86'749'405);
    STATIC_REQUIRE(graph_of<zoo::Yolov5n<>>.output_shape() == Shape::rows(85, 25'200));
    STATIC_REQUIRE(graph_of<zoo::Yolov5s<7, 320>>.output_shape() == Shape::rows(12, 6'300));
}

TEST_CASE("YOLOv5 copies nothing into its concatenations, in no size") {
    for (const PlanView& plan : {plan_of<zoo::Yolov5n<>>, plan_of<zoo::Yolov5s<>>, plan_of<zoo::Yolov5m<>>,
                                 plan_of<zoo::Yolov5l<>>, plan_of<zoo::Yolov5x<>>})
        for (const Step& step : plan.steps) CHECK(step.geometry.kernel != Kernel::copy);
    PlanInvariants(graph_of<zoo::Yolov5n<80, 64>>, plan_of<zoo::Yolov5n<80, 64>>).check();
    PlanInvariants(graph_of<zoo::Yolov5m<3, 32>>,
                   plan_of<zoo::Yolov5m<3, 32>, Shape{3, 32, 32}, true, precision::QInt8MixedFloat32::data_types>)
        .check();
}

TEST_CASE("YOLOv5 has the parameter names and shapes of its authors") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    Golden(*shared, "yolov5n").check_parameters(graph_of<zoo::Yolov5n<80, 320>>);
    Golden(*shared, "yolov5s").check_parameters(graph_of<zoo::Yolov5s<80, 320>>);
    Golden(*shared, "yolov5m").check_parameters(graph_of<zoo::Yolov5m<80, 320>>);
    Golden(*shared, "yolov5l").check_parameters(graph_of<zoo::Yolov5l<80, 320>>);
    Golden(*shared, "yolov5x").check_parameters(graph_of<zoo::Yolov5x<80, 320>>);
}

TEST_CASE("stored values: a small YOLOv5") {
    PlanInvariants(graph_of<Small>, plan_of<Small>).check();
    check_steps(Candidate::of<Small, execution::Fused, precision::QInt8MixedFloat32>(), "yolov5", 0);
}

TEST_CASE("a pickled module of halves runs as its numbers do, with its own anchors") {
    const io::SyntheticWeights numbers;
    const ScratchFolder folder("yolov5_module");
    const auto path = folder.write("best.pt", pickled::ModuleWriter(graph_of<Small>, numbers).bytes());
    const auto file = io::WeightFile::open(path);
    CHECK(file.facts().labels == std::vector<std::string>{"cat", "dog"});
    const Parameters parameters(graph_of<Small>, file);
    for (const Node& node : graph_of<Small>.nodes)
        if (node.op == Op::boxes)
            CHECK(parameters.anchors(node)[1] ==
                  static_cast<float>(node.head * 6 + 2) / 4 * static_cast<float>(node.stride));
    const auto sample = io::synthetic_input("", "input", static_cast<std::size_t>(Small::input.size()));
    std::vector<float> expected(static_cast<std::size_t>(graph_of<Small>.output_shape().size()));
    reference::Interpreter(graph_of<Small>, file).run(sample, expected, 0);
    for (const auto isa : instruction_sets()) {
        INFO("instruction set " << cpu::name_of(isa));
        const auto found = Model<Small>::load(file, {.isa = isa})(sample);
        double worst = 0;
        for (std::size_t i = 0; i < found.size(); ++i)
            worst = std::max(worst, static_cast<double>(std::abs(found[i] - expected[i])) /
                                        std::max(1.0, static_cast<double>(std::abs(expected[i]))));
        CHECK(worst < 1e-3);  // generated weights amplify rounding
    }
}

TEST_CASE("YOLOv5n gives PyTorch's rows") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Golden golden(*shared, "yolov5n");
    auto sample = io::synthetic_input("", "input", 3 * 320 * 320);
    for (float& x : sample) x = (x + 1) / 2;
    const auto model = Model<zoo::Yolov5n<80, 320>>::load(golden.weights());
    CHECK(golden.rows_difference(model(sample)) <= Golden::allowed_of_detectors);
}

TEST_CASE("YOLOv5n's published checkpoint binds and names its classes") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto file = io::WeightFile::open(*shared / "models/yolov5n.pt");
    CHECK_NOTHROW(Parameters(graph_of<zoo::Yolov5n<>>, file));
    const auto labels = file.facts().labels;
    REQUIRE(labels.size() == 80);
    CHECK(labels.front() == "person");
    CHECK(labels.back() == "toothbrush");
    const auto other = error_of([&] { Parameters(graph_of<zoo::Yolov5n<20>>, file); });
    CHECK(other.facts().found == "weights for 80");
    CHECK(other.facts().wanted == "20");
}
