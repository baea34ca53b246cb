#include <taxon/quantize/channel_factors.hpp>

#include <cmath>
#include <taxon/policy/mixed_precision.hpp>
#include <taxon/quantize/deviation.hpp>
#include <taxon/quantize/sensitivity.hpp>

#include "backend/step_by_step.hpp"
#include "edited_weights.hpp"
#include "networks.hpp"
#include "onnx/exporter/quantization.hpp"
#include "quantize/numbers.hpp"
#include "quantize/ranges_of_samples.hpp"

using namespace taxon;
using precision::QInt8MixedFloat32;
using quantize::channel_factors;

namespace {

using Bytes = Model<networks::PostNormalised, QInt8MixedFloat32>;
using Floats = Model<networks::PostNormalised>;

std::vector<int> values_by_channel(GraphView graph, PlanView plan) {
    std::vector<int> values;
    for (const Step& step : plan.steps)
        if (step.geometry.by_channel) values.push_back(graph.unrounded(step.last));
    return values;
}

template <class A, class Precision, class... More>
std::vector<int> values_by_channel() {
    using M = Model<A, Precision, More...>;
    return values_by_channel(M::graph, M::Engine::plan);
}

/// One channel of what GELU makes is 300 times what it was, and the layer that reads it takes as much less of it.
class OutlierOfTokens final : public EditedWeights {
  public:
    OutlierOfTokens() : EditedWeights("outlier") {}

  private:
    void edit(std::string_view name, std::span<const std::int64_t>, std::span<float> numbers) const override {
        constexpr std::size_t channel = 5, features = 19;
        if (name == "1.1.bias") numbers[channel] = 1500;
        for (std::size_t n = 0; n < features && name == "1.3.weight"; ++n) numbers[n * 35 + channel] /= 300;
    }
};

}  // namespace

TEST_CASE("factors are powers of the largest magnitudes, and the quotients have one range") {
    const auto found = channel_factors(std::vector<quantize::Range>{{-1, 1}, {-256, 1}, {0, 256}});
    CHECK(found.factors == std::vector<float>{1, 32, 32});
    CHECK(found.range == quantize::Range{-8, 8});
}

TEST_CASE("channels without values have factors that widen nothing") {
    const auto found = channel_factors(std::vector<quantize::Range>{{0, 0}, {0, 256}, {-1e-30f, 0}});
    for (const float factor : found.factors) CHECK((std::isfinite(factor) && factor > 0));
    CHECK(found.range.high == 8);
    CHECK(std::abs(found.range.low) < 1e-20f);
    const auto nothing = channel_factors(std::vector<quantize::Range>(2));
    CHECK(nothing.factors == std::vector<float>{1, 1});
    CHECK(nothing.range == quantize::Range{0, 0});
}

TEST_CASE("bytes that normalisations, GELU and roundings store for products have factors by channel") {
    CHECK(values_by_channel<networks::PostNormalised, QInt8MixedFloat32>() == std::vector<int>{1, 4, 7});
    CHECK(values_by_channel<networks::Transformer, QInt8MixedFloat32>().size() == 2 * 3 + 1);
    // the steps of 16 bits are small enough, and floats have none
    CHECK(values_by_channel<networks::PostNormalised, precision::QInt16MixedFloat32>().empty());
    CHECK(values_by_channel<networks::PostNormalised, precision::BFloat16>().empty());
    // a step that stores what it reads has no factors
    CHECK(values_by_channel<networks::PostNormalised, QInt8MixedFloat32, execution::LayerByLayer>().empty());
    // a layer in float reads floats, and may make bytes
    using Reader = precision::MixedPrecision<"reader", QInt8MixedFloat32, "1.3">;
    CHECK(values_by_channel<networks::PostNormalised, Reader>() == std::vector<int>{1, 7});
    using Maker = precision::MixedPrecision<"maker", QInt8MixedFloat32, "1.1">;
    CHECK(values_by_channel<networks::PostNormalised, Maker>() == std::vector<int>{4, 7});
    CHECK(values_by_channel<networks::NormalisedPicture, QInt8MixedFloat32>() == std::vector<int>{2, 4});
    CHECK(values_by_channel<networks::SideBySide, QInt8MixedFloat32>() == std::vector<int>{1, 5});
    CHECK(values_by_channel<networks::OddReaders, QInt8MixedFloat32>().empty());
    CHECK(values_by_channel<networks::Shortcuts, QInt8MixedFloat32>().empty());  // ReLU
}

TEST_CASE("factors keep the steps of other channels small where one has large values") {
    const OutlierOfTokens weights;
    const auto samples = samples_of<Bytes>("outlier", 6);
    const auto ranges = ranges_of_samples<Bytes>(weights, samples);
    CHECK(ranges.by_channel.size() == 3);
    auto without = ranges;
    without.by_channel.clear();
    const Floats floats = Floats::load(weights, {.threads = 1});
    const auto noise = [&](const quantize::Ranges& of_values) {
        const Bytes bytes = Bytes::load(weights, of_values, {.threads = 1});
        quantize::Deviation deviation;
        for (const auto& sample : samples) deviation.add(floats(sample), bytes(sample));
        return deviation.snr_db();
    };
    const double with = noise(ranges), plain = noise(without);
    INFO(with << " dB with factors, " << plain << " without");
    CHECK(with > plain + 10);
}

TEST_CASE("a layer's values are shown without their factors") {
    const io::SyntheticWeights weights("shown");
    const auto samples = samples_of<Bytes>("shown", 1);
    const Bytes bytes = Bytes::load(weights, ranges_of_samples<Bytes>(weights, samples), {.threads = 1});
    const Floats floats = Floats::load(weights, {.threads = 1});
    const auto values_of = [&](const auto& model) {
        std::map<int, std::vector<float>> values;
        typename std::remove_cvref_t<decltype(model)>::Workspace workspace;
        model.engine().load_input(samples[0], Bytes::input_shape.width, workspace);
        model.engine().walk(Bytes::input_shape.width, workspace, [&](const LayerView& layer) {
            values[layer.value].assign(layer.numbers.begin(), layer.numbers.end());
        });
        return values;
    };
    const auto found = values_of(bytes), right = values_of(floats);
    for (const int value : values_by_channel<networks::PostNormalised, QInt8MixedFloat32>()) {
        quantize::Deviation deviation;
        const auto at = found.find(value == 1 ? 2 : value);  // the rounded copy of the normalisation
        REQUIRE(at != found.end());
        deviation.add(right.at(value), at->second);
        INFO("value " << value << ": " << deviation.snr_db() << " dB");
        CHECK(deviation.snr_db() > 30);
    }
}

TEST_CASE("networks with factors keep to their formulas step by step, and so do their simulations and files") {
    check_steps(Candidate::of<networks::NormalisedPicture, execution::Fused, QInt8MixedFloat32>(), "picture");
    check_steps(Candidate::of<networks::SideBySide, execution::Fused, QInt8MixedFloat32>(), "side by side", 17);
    check_steps(Candidate::of<networks::OddReaders, execution::Fused, QInt8MixedFloat32>(), "odd readers");
    check_file(Candidate::of<networks::NormalisedPicture, execution::Fused, QInt8MixedFloat32>(), "picture");
    check_file(Candidate::of<networks::SideBySide, execution::Fused, QInt8MixedFloat32>(), "side by side");
}

TEST_CASE("calibrations with other factors are not equal") {
    quantize::Ranges one{{1, {0, 1}}}, other = one;
    CHECK(one == other);
    other.by_channel[1] = {{2}, {0, .5f}};
    CHECK_FALSE(one == other);
}

TEST_CASE("factors of another number of channels, and what is no factor, are refused by the layer's name") {
    const io::SyntheticWeights weights("refused");
    auto ranges = ranges_of_samples<Bytes>(weights, samples_of<Bytes>("refused", 1));
    const auto refusal = [&](const quantize::Ranges& of_values) {
        try {
            Bytes::load(weights, of_values);
        } catch (const Error& error) { return std::string(error.what()); }
        return std::string();
    };
    for (const float bad : {0.f, -1.f, HUGE_VALF, std::nanf("")}) {
        auto wrong = ranges;
        wrong.by_channel.at(4).factors[7] = bad;
        CHECK(refusal(wrong).find("layer '1.2', channel 7: [value] found the factor ") != std::string::npos);
    }
    ranges.by_channel.at(4).factors.pop_back();
    CHECK(refusal(ranges).find("layer '1.2': [shape] found 34 factors of channels, wanted 35") != std::string::npos);
}
