#include <taxon/zoo/resnet.hpp>

#include <taxon/model.hpp>

#include "shared_data.hpp"
#include "zoo/golden.hpp"

using namespace taxon;

namespace {

template <class A>
constexpr long parameters = graph_of<A>.parameter_count();

}  // namespace

TEST_CASE("ResNets have as many parameters as torchvision's") {
    STATIC_REQUIRE(parameters<zoo::ResNet18<>> == 11'689'512);
    STATIC_REQUIRE(parameters<zoo::ResNet34<>> == 21'797'672);
    STATIC_REQUIRE(parameters<zoo::ResNet50<>> == 25'557'032);
    STATIC_REQUIRE(parameters<zoo::ResNet101<>> == 44'549'160);
    STATIC_REQUIRE(parameters<zoo::ResNet152<>> == 60'192'808);
}

TEST_CASE("ResNet-50 has torchvision's parameter names and shapes") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Golden golden(*shared, "resnet50");
    golden.check_parameters(graph_of<zoo::ResNet50<>>);
    golden.check_shapes(graph_of<zoo::ResNet50<>>);
}

TEST_CASE("ResNet adds a shortcut in its last convolution") {
    constexpr PlanView plan = plan_of<zoo::ResNet18<10, 64>>;
    int convolutions = 0, residuals = 0;
    for (const Step& step : plan.steps) {
        CHECK(step.geometry.kernel != Kernel::add);
        CHECK(step.geometry.kernel != Kernel::activation);
        CHECK(step.geometry.kernel != Kernel::affine);
        convolutions += step.norm != none;
        residuals += step.geometry.residual;
    }
    CHECK(convolutions == 20);
    CHECK(residuals == 8);
    CHECK(plan.steps.size() == 23);  // with the two pools and the classifier
}

TEST_CASE("ResNet-50 gives PyTorch's outputs") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Golden golden(*shared, "resnet50");
    const auto model = Model<zoo::ResNet50<>>::load(golden.weights());
    CHECK(golden.difference(model(io::synthetic_input("", "input", 3 * 224 * 224))) <= Golden::allowed);
}
