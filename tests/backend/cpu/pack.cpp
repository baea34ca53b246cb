#include <taxon/backend/cpu/pack.hpp>

#include <cmath>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/model.hpp>

#include "catch.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

struct Two {
    static constexpr Shape input{3, 6, 6};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 3>, ReLU, Conv2d<8, 8, 1>>::trace(tracer); }
};

/// Synthetic, but for one weight of the second layer.
class OneWeight final : public WeightSource {
  public:
    explicit OneWeight(float weight) : weight_(weight) {}
    std::string origin() const override { return "one weight"; }
    std::vector<std::string_view> names() const override { return {}; }
    std::optional<Dimensions> shape_of(std::string_view, std::span<const std::int64_t> wanted) const override {
        return Dimensions(wanted.begin(), wanted.end());
    }
    void read(std::string_view name, std::span<const std::int64_t> shape, std::span<float> to) const override {
        io::SyntheticWeights("one").read(name, shape, to);
        if (name == "2.weight") to[3] = weight_;
    }

  private:
    float weight_;
};

Fault refusal(float weight) {
    try {
        Model<Two, precision::Float16>::load(OneWeight(weight));
    } catch (const Error& error) {
        CHECK(error.facts().place == "layer '2'");
        return error.fault();
    }
    return Fault::unused;
}

}  // namespace

TEST_CASE("a weight that a half cannot hold is refused by its layer's name, and the greatest that it can is not") {
    CHECK(refusal(7e4f) == Fault::overflow);
    CHECK(refusal(-65520) == Fault::overflow);
    CHECK_NOTHROW(Model<Two, precision::Float16>::load(OneWeight(65519)));
    CHECK_NOTHROW(Model<Two, precision::BFloat16>::load(OneWeight(7e4f)));
    const auto model = Model<Two, precision::Float16>::load(OneWeight(65504));
    for (const float answer : model(std::vector<float>(108))) CHECK(std::isfinite(answer));
}
