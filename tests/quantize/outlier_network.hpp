#pragma once
#include "edited_weights.hpp"
#include "networks.hpp"

namespace networks {

/// Five layers: 0, 2, 4, 6 and the classifier, 9.
struct OutlierChain {
    static constexpr Shape input{3, 10, 9};
    using Layers =
        Sequential<Conv2d<3, 8, 3, 1, 1, true>, ReLU, Conv2d<8, 16, 1, 1, 1, true>, ReLU, Conv2d<16, 12, 1, 1, 1, true>,
                   ReLU, Conv2d<12, 8, 1>, ReLU, GlobalAveragePool, Linear<8, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Synthetic weights, but that one output of layer 2 is 500 times what it was, and layer 4 takes as much less of it. So
/// the network computes the same, but bytes that hold that channel leave few steps to the others.
class OutlierWeights final : public EditedWeights {
  public:
    static constexpr std::string_view sensitive = "4";  ///< the layer that reads it

    OutlierWeights() : EditedWeights("outlier") {}

  private:
    void edit(std::string_view name, std::span<const std::int64_t>, std::span<float> numbers) const override {
        constexpr std::size_t channel = 5;
        constexpr float factor = 500;
        if (name == "2.weight")
            for (std::size_t c = 0; c < 8; ++c) numbers[channel * 8 + c] *= factor;
        if (name == "2.bias") numbers[channel] *= factor;
        if (name == "4.weight")
            for (std::size_t n = 0; n < 12; ++n) numbers[n * 16 + channel] /= factor;
    }
};

}  // namespace networks
