#include <taxon/layer/residual.hpp>

#include "backend/against_reference.hpp"
#include "networks.hpp"

using namespace taxon;

TEST_CASE("residuals with shortcuts of their own agree with Reference") {
    check_against_reference(Candidate::of<networks::Shortcuts>(), "shortcuts");
    check_against_reference(Candidate::of<networks::Shortcuts, execution::LayerByLayer>(), "shortcuts");
}

TEST_CASE("a residual's body keeps the numbers that it would have without it, and a named shortcut its name") {
    constexpr GraphView graph = graph_of<networks::Shortcuts>;
    CHECK(graph.name(graph.parameters[0]) == "0.0.downsample.0.weight");
    bool plain = false;
    for (const Parameter& p : graph.parameters) plain |= graph.name(p) == "1.0.3.weight";
    CHECK(plain);
    STATIC_REQUIRE(graph.output_shape() == Shape{7});
}

TEST_CASE("a sum is taken up by the convolution before it") {
    int taken_up = 0, alone = 0;
    for (const Step& step : plan_of<networks::Shortcuts>.steps)
        taken_up += step.geometry.residual, alone += step.geometry.kernel == Kernel::add;
    CHECK(taken_up == 4);
    CHECK(alone == 1);  // around the third block, whose activation comes after its own sum
}

TEST_CASE("gates agree with Reference") {
    check_against_reference(Candidate::of<networks::Gates>(), "gates");
    check_against_reference(Candidate::of<networks::Gates, execution::LayerByLayer>(), "gates");
}
