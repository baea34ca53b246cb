#include <taxon/quantize/simulation.hpp>

#include <taxon/quantize/deviation.hpp>

#include "catch.hpp"
#include "networks.hpp"
#include "quantize/depthwise_network.hpp"
#include "quantize/numbers.hpp"
#include "quantize/ranges_of_samples.hpp"

using namespace taxon;
using quantize::Deviation;
using quantize::Rounding;
using quantize::Simulation;

namespace {

/// A simulation answers as the quantized network, but for sums in another order: those move a value to the next step of
/// its grid now and then, which is far less than what all the steps do.
template <class A, class Precision>
void check(const char* salt) {
    using M = Model<A, Precision>;
    using F = Model<A>;
    const io::SyntheticWeights weights(salt);
    const auto samples = samples_of<M>(salt, 6);
    const auto ranges = ranges_of_samples<M>(weights, samples);
    const M quantized = M::load(weights, ranges, {.threads = 1});
    const F floats = F::load(weights, {.threads = 1});
    const auto network = quantize::quantizable_network_of<M>();
    Simulation simulation(network, weights, quantize::rounding_of(M::graph, M::Engine::plan, ranges)),
        exact(network, weights, Rounding{});
    Deviation from_floats, from_quantized;
    for (const auto& sample : samples) {
        const auto of_floats = floats(sample), of_integers = quantized(sample);
        std::vector<float> answer(of_floats.size());
        simulation(sample, answer);
        from_floats.add(of_floats, of_integers), from_quantized.add(of_integers, answer);
        exact(sample, answer);
        CHECK(answer == of_floats);
    }
    INFO(salt << ", " << Precision::name << ": " << from_floats.snr_db() << " dB, simulated "
              << from_quantized.snr_db());
    CHECK(from_floats.snr_db() < 90);
    CHECK(from_quantized.snr_db() > from_floats.snr_db() + 8);
}

}  // namespace

TEST_CASE("a simulation answers as the quantized network") {
    using precision::QInt16MixedFloat32, precision::QInt8MixedFloat32;
    check<networks::DepthwiseChain, QInt8MixedFloat32>("chain");
    check<networks::Branches, QInt8MixedFloat32>("branches");
    check<networks::OddBranches, QInt8MixedFloat32>("odd branches");
    check<networks::Shortcuts, QInt8MixedFloat32>("shortcuts");
    check<networks::Shortcuts, QInt16MixedFloat32>("shortcuts");
    check<networks::Gates, QInt8MixedFloat32>("gates");
    check<networks::Transformer, QInt8MixedFloat32>("tokens");
    check<networks::PostNormalised, QInt8MixedFloat32>("rounded");
    check<networks::PostNormalised, QInt16MixedFloat32>("rounded");
    check<networks::NormalisedPicture, QInt8MixedFloat32>("picture");
    check<networks::SideBySide, QInt8MixedFloat32>("side by side");
    check<networks::OddReaders, QInt8MixedFloat32>("odd readers");
}

TEST_CASE("one step's rounding is its weights, and the values that lie in what it reads") {
    using M = Model<networks::Branches, precision::QInt8MixedFloat32>;
    const io::SyntheticWeights weights("alone");
    const auto samples = samples_of<M>("alone", 2);
    const auto all = quantize::rounding_of(M::graph, M::Engine::plan, ranges_of_samples<M>(weights, samples));
    CHECK(all.grid.most == 255);
    CHECK(all.matrices == Element::int8);
    CHECK(all.weights.size() == 6);
    for (const Step& step : M::Engine::plan.steps) {
        if (!quantize::multiplies_integers(step)) continue;
        const auto alone = quantize::rounding_of(all, M::Engine::plan, step);
        CHECK(alone.weights == std::set<int>{step.first});
        // branches lie side by side
        CHECK(alone.values.size() == (M::graph.node(step.first).in.channels == 37 ? 3 : 1));
    }
}

TEST_CASE("only values of floats can be edited") {
    using M = Model<networks::Branches, precision::QInt8MixedFloat32>;
    const io::SyntheticWeights weights("edited");
    const auto samples = samples_of<M>("edited", 1);
    const M model = M::load(weights, ranges_of_samples<M>(weights, samples));
    M::Workspace workspace;
    std::vector<float> answer(static_cast<std::size_t>(M::output_shape.size()));
    model.engine().load_input(samples.front(), M::input_shape.width, workspace);
    CHECK(numbers::refusal([&] {
              model.engine().run_edited(answer, M::input_shape.width, workspace, [](int, std::span<float>) {});
          }) == Fault::usage);
}

TEST_CASE("what an editor writes is what the next step reads") {
    using F = Model<networks::Shortcuts>;
    const io::SyntheticWeights weights("editor");
    const auto samples = samples_of<F>("editor", 1);
    const F model = F::load(weights);
    F::Workspace workspace;
    std::vector<float> answer(7);
    std::map<int, std::size_t> seen, wanted;
    model.walk(samples.front(), workspace,
               [&](const LayerView& layer) { wanted[layer.value] += layer.numbers.size(); });
    model.engine().load_input(samples.front(), F::input_shape.width, workspace);
    model.engine().run_edited(answer, F::input_shape.width, workspace, [&](int value, std::span<float> numbers) {
        seen[value] += numbers.size();
        // what the classifier reads
        if (F::graph.node(value).out.pixels() == 1 && value < F::graph.size() - 1)
            std::fill(numbers.begin(), numbers.end(), 0.f);
    });
    CHECK(seen == wanted);
    CHECK(answer == Parameters(F::graph, weights)[F::graph.node(F::graph.size() - 1).bias]);
}
