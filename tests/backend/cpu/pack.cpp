#include <taxon/backend/cpu/pack.hpp>

#include <cmath>
#include <taxon/model.hpp>

#include "catch.hpp"
#include "edited_weights.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

struct Two {
    static constexpr Shape input{3, 6, 6};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<3, 8, 3>, ReLU, Conv2d<8, 8, 1>>::trace(tracer); }
};

/// Synthetic, but for one weight of the second layer.
class OneWeight final : public EditedWeights {
  public:
    explicit OneWeight(float weight) : EditedWeights("one"), weight_(weight) {}

  private:
    void edit(std::string_view name, std::span<const std::int64_t>, std::span<float> numbers) const override {
        if (name == "2.weight") numbers[3] = weight_;
    }

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
