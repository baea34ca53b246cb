#include <taxon/backend/cpu/cpu.hpp>

#include <cmath>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>

#include "backend/step_by_step.hpp"
#include "edited_weights.hpp"

using namespace taxon;

namespace {

/// Fifth powers of generated weights: most groups of inputs are small enough for products of bytes, some are not.
class HeavyTailed final : public EditedWeights {
  public:
    HeavyTailed() : EditedWeights("heavy-tailed") {}

  private:
    void edit(std::string_view, std::span<const std::int64_t> shape, std::span<float> numbers) const override {
        if (shape.size() < 2) return;
        float most = 0;
        for (const float w : numbers) most = std::max(most, std::abs(w));
        for (float& w : numbers) w *= 1.9f * std::pow(w / most, 4.f);  // the same variance: 1/11 for 1/3
    }
};

/// Pixels of several panels, windows whose rows are runs and others, strides, a shortcut.
struct Pictures {
    static constexpr Shape input{3, 31, 25};
    using Layers = Sequential<Conv2d<3, 40, 5, 2>, ReLU, Conv2d<40, 136, 1>, ReLU, Conv2d<136, 72, 3>, ReLU,
                              Residual<Sequential<Conv2d<72, 72, 3>, ReLU>>, Conv2d<72, 88, 3, 2>, SiLU,
                              Conv2d<88, 90, 3, 1, 1, false, 2, 2>, ReLU, Conv2d<90, 20, 1>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

struct Tokens {
    static constexpr Shape input = Shape::tokens(36, 60);
    static constexpr void trace(Tracer& tracer) {
        Sequential<Linear<36, 264>, ReLU, Linear<264, 160>, ReLU, Linear<160, 30>>::trace(tracer);
    }
};

/// More inputs than there is room for an order.
struct Deep {
    static constexpr Shape input{8, 2, 3};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<8, 688, 1>, ReLU, Conv2d<688, 16, 3>, ReLU, Conv2d<16, 8, 1>>::trace(tracer);
    }
};

template <class A, class Precision>
Candidate of() {
    return Candidate::of<A, execution::Fused, Precision>();
}

}  // namespace

TEST_CASE("products of bytes are exact whatever the weights: heavy-tailed, uniform, of seven bits") {
    const HeavyTailed heavy_tailed;
    using precision::QInt7MixedFloat32, precision::QInt8MixedFloat32;
    check_steps(of<Pictures, QInt8MixedFloat32>(), "bytes", heavy_tailed);
    check_steps(of<Pictures, QInt8MixedFloat32>(), "bytes");
    check_steps(of<Pictures, QInt7MixedFloat32>(), "seven bits");
    check_steps(of<Deep, QInt8MixedFloat32>(), "deep", heavy_tailed);
    for (const int tokens : {1, 11, 13, 60})
        check_steps(of<Tokens, QInt8MixedFloat32>(), "tokens", heavy_tailed, tokens);
}
