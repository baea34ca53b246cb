#include <taxon/plan/owned_plan.hpp>

#include <taxon/model.hpp>
#include <taxon/policy/mixed_precision.hpp>

#include "catch.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

/// All of a plan but where its buffers lie.
template <class A, class Precision>
void check() {
    using M = Model<A, Precision>;
    constexpr PlanView compiled = M::Engine::plan;
    const OwnedPlan owned = owned_plan_of<A>(Precision::data_types);
    const PlanView plan = owned.view();
    INFO(Precision::name);
    REQUIRE(plan.steps.size() == compiled.steps.size());
    REQUIRE(plan.buffers.size() == compiled.buffers.size());
    CHECK(plan.weight_bytes == compiled.weight_bytes);
    CHECK(plan.bias_count == compiled.bias_count);
    CHECK(plan.inputs == compiled.inputs);
    CHECK(std::equal(plan.outputs.begin(), plan.outputs.end(), compiled.outputs.begin(), compiled.outputs.end()));
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        const Geometry &found = plan.steps[i].geometry, &wanted = compiled.steps[i].geometry;
        CHECK(found.kernel == wanted.kernel);
        CHECK(found.weights == wanted.weights);
        CHECK((found.in == wanted.in && found.out == wanted.out && found.operand == wanted.operand));
        CHECK((found.panel == wanted.panel && found.depth == wanted.depth));
        CHECK(plan.steps[i].weights_at == compiled.steps[i].weights_at);
        CHECK(plan.steps[i].last == compiled.steps[i].last);
    }
    for (std::size_t i = 0; i < plan.buffers.size(); ++i) CHECK(plan.buffers[i].view == compiled.buffers[i].view);
}

}  // namespace

TEST_CASE("a plan made at run time is the compiler's") {
    check<networks::Branches, precision::Float32>();
    check<networks::Branches, precision::QInt8MixedFloat16>();
    check<networks::Shortcuts, precision::MixedPrecision<"kept", precision::QInt8MixedFloat32, "1", "5">>();
    check<networks::Transformer, precision::BFloat16>();
}
