#include <taxon/quantize/channel_scales.hpp>

#include "catch.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

/// Dense 2 to 3 with a normalisation, then depthwise.
struct Two {
    static constexpr Shape input{2, 4, 4};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<2, 3, 1>, BatchNorm2d<3>, Conv2d<3, 3, 3, 1, 3>>::trace(tracer);
    }
};

class Numbers final : public WeightSource {
    std::string origin() const override { return ""; }
    std::vector<std::string_view> names() const override { return {}; }
    std::optional<Dimensions> shape_of(std::string_view, std::span<const std::int64_t> wanted) const override {
        return Dimensions(wanted.begin(), wanted.end());
    }
    void read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const override {
        const std::vector<float> dense{1, -2, 3, 4, -5, 6}, gamma{1, -10, 100};
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = name == "0.weight"        ? dense[i]
                    : name == "1.weight"      ? gamma[i]
                    : name == "2.weight"      ? static_cast<float>(i) - 13.f
                    : name == "1.running_var" ? 1.f - 1e-5f
                                              : 0.f;
    }
};

constexpr GraphView graph = graph_of<Two>;

}  // namespace

TEST_CASE("magnitudes of channels are folded, scaled, and the greatest of a row or a column") {
    const Numbers numbers;
    const Parameters parameters(graph, numbers);
    quantize::ChannelScales dense(graph, 1, 2, parameters), depthwise(graph, 3, none, parameters);
    const auto near = [](const std::vector<double>& found, const std::vector<double>& wanted) {
        return std::equal(found.begin(), found.end(), wanted.begin(), wanted.end(),
                          [](double a, double b) { return std::abs(a - b) < 1e-5 * b; });
    };
    CHECK(near(dense.ranges_of_outputs(), {2, 40, 600}));
    CHECK(near(dense.ranges_of_inputs(), {500, 600}));
    CHECK(near(quantize::ChannelScales(graph, 1, none, parameters).ranges_of_outputs(), {2, 4, 6}));
    CHECK(depthwise.ranges_of_outputs() == std::vector<double>{13, 4, 13});
    CHECK(depthwise.ranges_of_inputs() == depthwise.ranges_of_outputs());

    dense.of_outputs = {3, 1, 0.01}, dense.of_inputs = {10, 1};
    CHECK(near(dense.ranges_of_outputs(), {30, 300, 50}));
    CHECK(near(dense.ranges_of_inputs(), {300, 40}));
    depthwise.of_inputs = {2, 3, 4}, depthwise.of_outputs = {1, 0.5, 1};
    CHECK(depthwise.ranges_of_outputs() == std::vector<double>{26, 6, 52});
    CHECK(depthwise.ranges_of_inputs() == std::vector<double>{26, 6, 52});
    CHECK(depthwise.reading(2, 0) == 4);
    CHECK(dense.reading(2, 0) == 10);
}
