#pragma once
#include <cmath>
#include <taxon/io/synthetic_weights.hpp>

#include "edited_weights.hpp"
#include "networks.hpp"

namespace networks {

/// Expanded, depthwise, projected and once more, with weights whose channels are far from alike; a HardSwish before and
/// a ReLU6 behind.
struct DepthwiseChain {
    static constexpr Shape input{3, 12, 10};
    using Layers = Sequential<Conv2d<3, 8, 3, 2>, BatchNorm2d<8>, HardSwish,                       // 0
                              Conv2d<8, 24, 1>, BatchNorm2d<24>, ReLU,                             // 3
                              Conv2d<24, 24, 5, 1, 24, true>, BatchNorm2d<24, 1000>, ReLU,         // 6
                              Conv2d<24, 8, 1>, BatchNorm2d<8>,                                    // 9
                              Conv2d<8, 10, 3, 1, 1, true>, ReLU6, Conv2d<10, 4, 1, 1, 1, true>>;  // 11, 13
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Synthetic weights, each output channel of a convolution up to e^3 times greater or smaller.
class UnevenWeights final : public EditedWeights {
  public:
    UnevenWeights() : EditedWeights("uneven") {}

    bool dead = false;  ///< the second output of every convolution has no weights

  private:
    void edit(std::string_view name, std::span<const std::int64_t> shape, std::span<float> numbers) const override {
        if (shape.size() != 4) return;
        const io::UnitSequence factor("uneven", std::string(name) + ".factor");
        const std::size_t row = numbers.size() / static_cast<std::size_t>(shape[0]);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            numbers[i] *= static_cast<float>(std::exp(3 * factor[i / row]));
            if (dead && i / row == 1) numbers[i] = 0;
        }
    }
};

}  // namespace networks
