#include <taxon/quantize/sensitivity.hpp>

#include <taxon/model.hpp>
#include <taxon/policy/mixed_precision.hpp>
#include <thread>

#include "catch.hpp"
#include "quantize/numbers.hpp"
#include "quantize/outlier_network.hpp"
#include "quantize/ranges_of_samples.hpp"

using namespace taxon;
using networks::OutlierChain;
using M = Model<OutlierChain, precision::QInt8MixedFloat32>;
using quantize::Deviation;
using quantize::Sensitivity;

TEST_CASE("the layer that reads one huge channel is the most sensitive, and without it the error is small") {
    const networks::OutlierWeights weights;
    const auto samples = samples_of<M>("outlier", 8);
    const Sensitivity scan(quantize::quantizable_network_of<M>(), weights, ranges_of_samples<M>(weights, samples),
                           samples);
    CHECK(scan.samples() == 8);
    CHECK(scan.size() == 5);
    const auto layers = scan.layers();
    REQUIRE(layers.size() == 5);
    CHECK(layers[0].name == networks::OutlierWeights::sensitive);
    CHECK(layers[0].alone.snr_db() < layers[1].alone.snr_db() - 10);
    CHECK(layers[0].multiplications == 16 * 12 * 10 * 9);
    CHECK(layers[0].weights == 16 * 12);
    for (std::size_t i = 1; i < layers.size(); ++i) CHECK(layers[i - 1].alone.snr_db() <= layers[i].alone.snr_db());

    const auto all = scan.outlook(), kept = scan.outlook({std::string(networks::OutlierWeights::sensitive)});
    CHECK(kept.deviation.snr_db() > all.deviation.snr_db() + 10);
    CHECK(all.quantized.size() == 5);
    CHECK(kept.quantized.size() == 4);
    CHECK_FALSE(kept.quantized.contains(layers[0].node));

    const auto again = scan.layers([](std::size_t count, const auto& work) {  // on two threads, the last first
        CHECK(count == 5);
        std::thread other([&] { work(4), work(1); });
        work(3), work(0), work(2);
        other.join();
    });
    for (std::size_t i = 0; i < layers.size(); ++i) {
        CHECK(again[i].name == layers[i].name);
        CHECK(again[i].alone.snr_db() == layers[i].alone.snr_db());
    }
}

TEST_CASE("the outlook on a precision that keeps layers is what its type does") {
    using K = Model<OutlierChain, precision::MixedPrecision<"kept", precision::QInt8MixedFloat32, "4">>;
    const networks::OutlierWeights weights;
    const auto samples = samples_of<M>("outlook", 5);
    const auto ranges = ranges_of_samples<M>(weights, samples);
    const auto outlook = Sensitivity(quantize::quantizable_network_of<M>(), weights, ranges, samples).outlook({"4"});
    CHECK(outlook.packed_bytes == K::packed_bytes);
    const K kept = K::load(weights, ranges);
    const auto floats = Model<OutlierChain>::load(weights);
    Deviation deviation;
    for (const auto& sample : samples) deviation.add(floats(sample), kept(sample));
    CHECK(outlook.deviation.snr_db() == Approx(deviation.snr_db()).margin(.5));
    CHECK(outlook.deviation.changed() == deviation.changed());
}

TEST_CASE("nothing is left of the error if all layers are kept") {
    const networks::OutlierWeights weights;
    const auto samples = samples_of<M>("all", 2);
    const auto outlook =
        Sensitivity(quantize::quantizable_network_of<M>(), weights, ranges_of_samples<M>(weights, samples), samples)
            .outlook({"0", "2", "4", "6", "9"});
    CHECK(outlook.quantized.empty());
    CHECK(std::isinf(outlook.deviation.snr_db()));
    CHECK(outlook.packed_bytes == Model<OutlierChain>::packed_bytes);
}

TEST_CASE("a scan wants whole samples") {
    const networks::OutlierWeights weights;
    const auto samples = samples_of<M>("whole", 1);
    const auto ranges = ranges_of_samples<M>(weights, samples);
    CHECK(numbers::refusal([&] { Sensitivity(quantize::quantizable_network_of<M>(), weights, ranges, {}); }) ==
          Fault::missing);
    const std::vector<std::vector<float>> cut{std::vector<float>(7)};
    CHECK(numbers::refusal([&] { Sensitivity(quantize::quantizable_network_of<M>(), weights, ranges, cut); }) ==
          Fault::shape);
    CHECK(numbers::refusal([&] { Sensitivity(quantize::quantizable_network_of<M>(), weights, {}, samples); }) ==
          Fault::missing);
    using F = Model<OutlierChain>;
    CHECK(numbers::refusal([&] { Sensitivity(quantize::quantizable_network_of<F>(), weights, ranges, samples); }) ==
          Fault::usage);
    using K = Model<OutlierChain, precision::MixedPrecision<"kept", precision::QInt8MixedFloat32, "4">>;
    CHECK(numbers::refusal([&] { Sensitivity(quantize::quantizable_network_of<K>(), weights, ranges, samples); }) ==
          Fault::usage);
}
