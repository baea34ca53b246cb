#include <taxon/quantize/float_layers.hpp>

#include "catch.hpp"
#include "quantize/numbers.hpp"
#include "quantize/outlier_network.hpp"
#include "quantize/ranges_of_samples.hpp"

using namespace taxon;
using quantize::Bound;
using quantize::Sensitivity;

namespace {

using M = Model<networks::OutlierChain, precision::QInt8MixedFloat32>;

/// More layers than can be named.
struct Long {
    static constexpr Shape input{8, 2, 2};
    static constexpr void trace(Tracer& tracer) {
        networks::Repeated<Conv2d<8, 8, 1>, LayerNames::most + 2>::trace(tracer);
    }
};

}  // namespace

TEST_CASE("layers are kept until the bound holds, most sensitive first") {
    const networks::OutlierWeights weights;
    const auto samples = samples_of<M>("kept", 6);
    const Sensitivity scan(quantize::quantizable_network_of<M>(), weights, ranges_of_samples<M>(weights, samples),
                           samples);
    const auto layers = scan.layers();
    const double without = scan.outlook().deviation.snr_db();

    const auto one = keep(scan, layers, Bound{.least_snr_db = without + 5});
    REQUIRE(one.size() == 2);
    CHECK(one[0].layers.empty());
    CHECK(one[1].layers == std::vector<std::string>{"4"});
    CHECK(one[1].outlook.deviation.snr_db() >= without + 5);
    CHECK(one[1].spelling("o2") == "precision::MixedPrecision<\"o2\", precision::QInt8MixedFloat32, \"4\">");

    CHECK(keep(scan, layers, Bound{.least_snr_db = without - 1}).size() == 1);
    CHECK(keep(scan, layers, Bound{.most_changed = 1}).size() == 1);
    const auto all = keep(scan, layers, Bound{.least_snr_db = 200});
    std::size_t told = 0;
    CHECK(
        keep(scan, layers, Bound{.least_snr_db = 200}, {[&](std::size_t done, std::size_t) { told = done; }}).size() ==
        all.size());
    CHECK(told == all.size() - 1);
    std::stop_source stop;
    stop.request_stop();
    CHECK(keep(scan, layers, Bound{.least_snr_db = 200}, {{}, stop.get_token()}).size() == 2);
    CHECK(all.size() == 6);
    CHECK(all.back().outlook.quantized.empty());
    CHECK(all.back().spelling("o1").ends_with(", \"" + layers.back().name + "\">"));
}

TEST_CASE("a bound may be on the best classes, on signal to noise, or on both") {
    quantize::Deviation good, bad;
    const std::vector<float> floats{1, 2}, near{1, 2.01f}, other{2, 1};
    good.add(floats, near);
    bad.add(floats, other);
    CHECK((Bound{}.holds(good) && Bound{}.holds(bad)));
    CHECK(Bound{.most_changed = 0}.holds(good));
    CHECK_FALSE(Bound{.most_changed = .5}.holds(bad));
    CHECK(Bound{.least_snr_db = 40}.holds(good));
    CHECK_FALSE(Bound{.least_snr_db = 60}.holds(good));
    CHECK_FALSE(Bound{.most_changed = 0, .least_snr_db = 60}.holds(good));
}

TEST_CASE("a bound that would take more layers than a type can name is refused") {
    using L = Model<Long, precision::QInt8MixedFloat32>;
    const io::SyntheticWeights weights("long");
    const auto samples = samples_of<L>("long", 1);
    const Sensitivity scan(quantize::quantizable_network_of<L>(), weights, ranges_of_samples<L>(weights, samples),
                           samples);
    CHECK(numbers::refusal([&] { keep(scan, scan.layers(), Bound{.least_snr_db = 500}); }) == Fault::limit);
}

TEST_CASE("the type is spelled with the base's name") {
    CHECK(quantize::FloatLayers{.base = precision::QInt7MixedFloat32::data_types}.spelling("o2") ==
          "precision::MixedPrecision<\"o2\", precision::QInt7MixedFloat32>");
    CHECK(quantize::FloatLayers{.base = precision::QInt16MixedFloat16::data_types}.spelling("o3") ==
          "precision::MixedPrecision<\"o3\", precision::QInt16MixedFloat16>");
}
