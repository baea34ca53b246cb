#include <taxon/zoo/bert.hpp>

#include <cmath>
#include <taxon/backend/reference/reference.hpp>
#include <taxon/model.hpp>

#include "backend/against_reference.hpp"
#include "shared_data.hpp"
#include "zoo/golden.hpp"

using namespace taxon;

namespace {

template <class A, class... More>
using Texts = Model<A, shape::Mutable<Range{1, 2}, Range{1, 512}>, More...>;

/// The texts of the golden outputs: two of `length` tokens, the second type from the middle on. Of the second text the
/// last 7 are not valid.
template <class A>
std::vector<float> golden_texts(int length) {
    const io::UnitSequence unit("", "input_ids");
    std::vector<float> samples;
    for (int i = 0; i < 2 * length; ++i) {
        samples.push_back(
            static_cast<float>(std::floor((unit[static_cast<std::size_t>(i)] + 1) / 2 * graph_of<A>.node(1).words)));
        samples.push_back(i % length < length / 2 ? 0 : 1);
    }
    return samples;
}

}  // namespace

TEST_CASE("BERT has as many parameters as Hugging Face's") {
    STATIC_REQUIRE(graph_of<zoo::BertBaseCased<>>.parameter_count() == 108'311'810);
    STATIC_REQUIRE(graph_of<zoo::BertBaseUncased<>>.parameter_count() == 109'483'778);
    STATIC_REQUIRE(graph_of<zoo::MiniLmL6<>>.parameter_count() == 22'713'986);
    STATIC_REQUIRE(graph_of<zoo::BertBaseCased<>>.flops() / 10'000'000 == 2'234);
    STATIC_REQUIRE(Texts<zoo::MiniLmL6<3>>::output_shape == Shape{3});
}

TEST_CASE("BERT has Hugging Face's parameter names and shapes") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    Golden(*shared, "bert_base_cased").check_parameters(graph_of<zoo::BertBaseCased<>>);
    Golden(*shared, "minilm_l6_h384").check_parameters(graph_of<zoo::MiniLmL6<>>);
}

TEST_CASE("BERT takes seven steps a layer") {
    constexpr PlanView plan = plan_of<zoo::MiniLmL6<>>;
    CHECK(plan.steps.size() == 1 + 6 * 7 + 3);
    CHECK(plan.steps[0].geometry.kernel == Kernel::embedding);
    CHECK(plan.steps[0].norm != none);
    int first_token_only = 0;
    for (const Step& step : plan.steps) {
        CHECK(step.geometry.kernel != Kernel::add);
        CHECK(step.geometry.kernel != Kernel::activation);
        first_token_only += step.first_token_only;
    }
    CHECK(first_token_only == 6);  // all of the last layer but its queries, keys and values
}

TEST_CASE("BERT of integers adds to normalised values as floats, and its products read a rounded copy of them") {
    constexpr PlanView plan = Texts<zoo::MiniLmL6<>, precision::QInt8MixedFloat32>::Engine::plan;
    CHECK(plan.steps.size() == 1 + 6 * (7 + 2) + 3);
    int copies = 0, by_channel = 0, residuals = 0, products = 0, first_token_only = 0;
    for (const Step& step : plan.steps) {
        by_channel += step.geometry.by_channel;
        const bool rounds = step.geometry.kernel == Kernel::affine && plan.slot(step.target).shape.sequence;
        copies += rounds && plan.view(step.source).element == Element::float32 &&
                  plan.view(step.target).element == Element::uint8;
        residuals += step.geometry.residual && plan.view(step.operand).element == Element::float32;
        products += step.geometry.kernel == Kernel::convolution && plan.view(step.source).element == Element::uint8;
        first_token_only += step.first_token_only;
    }
    CHECK(copies == 6 * 2);
    CHECK(by_channel == 6 * 3);  // and what GELU makes
    CHECK(residuals == 6 * 2);
    CHECK(products == 6 * 4);
    CHECK(first_token_only == 6 + 1);  // the copy as well
}

TEST_CASE("MiniLM gives PyTorch's outputs") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    using A = zoo::MiniLmL6<>;
    const Golden golden(*shared, "minilm_l6_h384");
    const auto weights = golden.weights();
    const auto samples = golden_texts<A>(64);
    const std::vector<int> valid{64, 57};
    std::vector<float> outputs(4);
    for (const auto isa : instruction_sets()) {
        INFO(cpu::name_of(isa));
        const auto model = Texts<A>::load(weights, {.isa = isa});
        Texts<A>::Workspace workspace;
        model(samples, outputs, workspace, 64, valid);
        CHECK(golden.difference(outputs) <= Golden::allowed);
    }
    Texts<A, backend::Reference>::Workspace workspace;
    Texts<A, backend::Reference>::load(weights)(samples, outputs, workspace, 64, valid);
    CHECK(golden.difference(outputs) <= Golden::allowed);
}

TEST_CASE("BERT-base gives PyTorch's outputs") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    using A = zoo::BertBaseCased<>;
    const Golden golden(*shared, "bert_base_cased");
    const auto samples = golden_texts<A>(128);
    const std::vector<int> valid{128, 121};
    std::vector<float> outputs(4);
    Texts<A>::Workspace workspace;
    Texts<A>::load(golden.weights())(samples, outputs, workspace, 128, valid);
    CHECK(golden.difference(outputs) <= Golden::allowed);
}
