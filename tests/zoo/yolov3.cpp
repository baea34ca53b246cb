#include <taxon/zoo/yolov3.hpp>

#include <taxon/plan/planner.hpp>
#include <taxon/model.hpp>

#include "shared_data.hpp"
#include "zoo/golden.hpp"

using namespace taxon;

TEST_CASE("YOLOv3 has as many parameters as its authors', in one plan without copies") {
    STATIC_REQUIRE(graph_of<zoo::Yolov3<>>.parameter_count() == 61'949'149);
    STATIC_REQUIRE(graph_of<zoo::Yolov3Darknet<>>.parameter_count() == 61'949'149);
    STATIC_REQUIRE(graph_of<zoo::Yolov3<>>.output_shape() == Shape::rows(85, 10'647));
    for (const Step& step : plan_of<zoo::Yolov3<>>.steps) CHECK(step.geometry.kernel != Kernel::copy);
}

TEST_CASE("YOLOv3's kernels are those of its weights from Darknet but for the boxes") {
    const PlanView ours = plan_of<zoo::Yolov3<>>, darknets = plan_of<zoo::Yolov3Darknet<>>;
    REQUIRE(ours.steps.size() == darknets.steps.size());
    int others = 0;
    for (std::size_t i = 0; i < ours.steps.size(); ++i) {
        Geometry a = ours.steps[i].geometry;
        const Geometry& b = darknets.steps[i].geometry;
        CHECK(a.in == b.in);
        CHECK(a.out == b.out);
        others += a.code != b.code;
    }
    CHECK(others == 3);
}

TEST_CASE("YOLOv3 has PyTorch's parameter names and rows") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Golden golden(*shared, "yolov3");
    golden.check_parameters(graph_of<zoo::Yolov3<>>);
    auto sample = io::synthetic_input("", "input", 3 * 416 * 416);
    for (float& x : sample) x = (x + 1) / 2;
    const auto model = Model<zoo::Yolov3<>>::load(golden.weights());
    CHECK(golden.rows_difference(model(sample)) <= Golden::allowed_of_detectors);
}
