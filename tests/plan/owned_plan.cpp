#include <taxon/plan/owned_plan.hpp>

#include <taxon/model.hpp>
#include <taxon/policy/mixed_precision.hpp>
#include <taxon/zoo/mobilenet_v2.hpp>
#include <taxon/zoo/yolov5.hpp>

#include "catch.hpp"
#include "networks.hpp"
#include "plan/same_plan.hpp"

using namespace taxon;

namespace {

template <class A, class Precision = precision::Float32, bool Fuses = true>
void check() {
    INFO(Precision::name);
    const OwnedPlan owned = plan_at_run_time(graph_of<A>, Precision::data_types, Fuses);
    CHECK(difference_of(owned.view(), plan_of<A, first_input<A>, Fuses, Precision::data_types>) == "");
}

}  // namespace

TEST_CASE("a plan made at run time is the compiler's") {
    check<networks::Branches>();
    check<networks::Branches, precision::Float32, false>();
    check<networks::Branches, precision::QInt8MixedFloat16>();
    check<networks::Shortcuts, precision::MixedPrecision<"kept", precision::QInt8MixedFloat32, "1", "5">>();
    check<networks::Transformer, precision::BFloat16>();
    check<zoo::MobileNetV2<1000, 96>>();
    check<zoo::Yolov5n<80, 64>>();
}
