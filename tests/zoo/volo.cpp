#include <taxon/zoo/volo.hpp>

#include <cmath>

#include "backend/against_reference.hpp"
#include "zoo/golden_modules.hpp"

using namespace taxon;

namespace {

template <class A>
constexpr long parameters = graph_of<A>.parameter_count();

constexpr int pixels_of_input = 3 * 224 * 224;

/// The geometries of a plan that differ, each of which is compiled once.
template <class A>
int distinct_geometries() {
    constexpr PlanView plan = plan_of<A>;
    int count = 0;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        const auto before = plan.steps.first(i);
        count += std::none_of(before.begin(), before.end(),
                              [&](const Step& s) { return s.geometry == plan.steps[i].geometry; });
    }
    return count;
}

}  // namespace

TEST_CASE("VOLOs have as many parameters as timm's") {
    STATIC_REQUIRE(parameters<zoo::VoloD1<>> == 26'632'040);
    STATIC_REQUIRE(parameters<zoo::VoloD2<>> == 58'678'336);
    STATIC_REQUIRE(parameters<zoo::VoloD3<>> == 86'325'072);
    STATIC_REQUIRE(parameters<zoo::VoloD4<>> == 192'961'520);
    STATIC_REQUIRE(parameters<zoo::VoloD5<>> == 295'455'584);
    STATIC_REQUIRE(graph_of<zoo::VoloD2<>>.flops() == 28'610'830'336);
    STATIC_REQUIRE(graph_of<zoo::VoloD5<10, 448>>.output_shape() == Shape{10});
}

TEST_CASE("VOLOs have the parameter names and shapes of timm") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    Golden(*shared, "volo_d1_224").check_parameters(graph_of<zoo::VoloD1<>>);
    Golden(*shared, "volo_d2_224").check_parameters(graph_of<zoo::VoloD2<>>);
    Golden(*shared, "volo_d3_224").check_parameters(graph_of<zoo::VoloD3<>>);
    Golden(*shared, "volo_d4_224").check_parameters(graph_of<zoo::VoloD4<>>);
    Golden(*shared, "volo_d5_224").check_parameters(graph_of<zoo::VoloD5<>>);
}

TEST_CASE("VOLO's blocks end in convolutions that add, position embeddings included") {
    constexpr PlanView plan = plan_of<zoo::VoloD1<>>;
    int residuals = 0, vector_sums = 0;
    for (const Step& step : plan.steps) {
        residuals += step.geometry.residual;
        if (step.geometry.kernel != Kernel::add) continue;
        CHECK(step.geometry.out.shape.pixels() == 1);  // of the class token, and of the logits
        ++vector_sums;
    }
    CHECK(residuals == 2 * (4 + 4 + 8 + 2) + 1);
    CHECK(vector_sums == 2 * 2 + 1);
}

TEST_CASE("VOLO-D5 has three times the blocks of D1, and no more kernels") {
    CHECK(plan_of<zoo::VoloD5<>>.steps.size() > 2 * plan_of<zoo::VoloD1<>>.steps.size());
    CHECK(distinct_geometries<zoo::VoloD5<>>() == distinct_geometries<zoo::VoloD1<>>());
}

TEST_CASE("VOLO-D1 gives PyTorch's outputs on every instruction set") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Golden golden(*shared, "volo_d1_224");
    const auto input = io::synthetic_input("", "input", pixels_of_input);
    for (const auto isa : instruction_sets()) {
        INFO(cpu::name_of(isa));
        CHECK(golden.difference(Model<zoo::VoloD1<>>::load(golden.weights(), {.isa = isa})(input)) <= Golden::allowed);
    }
}

TEST_CASE("every block of VOLO-D1 agrees with PyTorch's") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const Golden golden(*shared, "volo_d1_224");
    const auto model = Model<zoo::VoloD1<>, backend::Reference>::load(golden.weights());
    const auto facts = golden_facts(*shared, "volo_d1_224");
    int compared = 0;
    std::vector<float> logits;
    backend::Reference::Workspace workspace;
    model.walk(io::synthetic_input("", "input", pixels_of_input), workspace, [&](const LayerView& layer) {
        const auto [value, name, shape, numbers] = layer;
        logits.assign(numbers.begin(), numbers.end());
        const auto module = facts["modules"].find(std::string(name));
        // a block's output is the sum of its perceptron; that of its attention has the same name
        constexpr GraphView graph = graph_of<zoo::VoloD1<>>;
        const bool is_block = graph.node(value).op == Op::add,
                   inside = is_block && graph.name(graph.node(value - 1)).find("mlp") == name.npos;
        if (module == facts["modules"].end() || inside || name.starts_with("post_network") || name == "norm") return;
        const auto& sizes = (*module)["shape"];
        double count = 1, sum = 0, squares = 0;
        for (const auto& n : sizes) count *= n.template get<double>();
        INFO("module " << name);
        REQUIRE(static_cast<double>(numbers.size()) == count);
        for (const double x : numbers) sum += x, squares += x * x;
        const double mean = sum / count, deviation = std::sqrt(squares / count - mean * mean),
                     wanted = (*module)["std"].template get<double>(), allowed = 1e-4 * wanted;
        CHECK(std::abs(mean - (*module)["mean"].template get<double>()) < allowed);
        CHECK(std::abs(deviation - wanted) < allowed);
        const bool channels_last = is_block || name == "aux_head";
        for (std::size_t i = 0; i < 4; ++i)
            CHECK(std::abs(numbers[channels_last ? i * static_cast<std::size_t>(shape.pixels()) : i] -
                           (*module)["first"][i].template get<double>()) < allowed);
        ++compared;
    });
    CHECK(compared == 9 + 1 + 4 + 1 + 14 + 2);  // the patches' layers, blocks, the reduction between them, two heads
    CHECK(golden.difference(logits) <= Golden::allowed);
}
