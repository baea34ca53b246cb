#pragma once
#include <taxon/core/run_control.hpp>
#include <taxon/model.hpp>
#include <taxon/quantize/channel_factors.hpp>
#include <taxon/quantize/stored_values.hpp>

namespace taxon::quantize {

/// Observes a network in float32 on sample inputs, to find quantization ranges for M.
template <class M>
class Calibrator {
    static_assert(M::Precision::data_types.quantized(),
                  "taxon::quantize::Calibrator: wants a Model with a quantized Precision");
    using Floats = typename M::Backend::template Engine<typename M::Architecture, M::input_shape, precision::Float32,
                                                        execution::Fused>;

  public:
    explicit Calibrator(const WeightSource& source, typename M::Options options = {}) : network_(source, options) {}

    /// Observes one sample, (C, H, W) or `length` tokens of features; several inputs one after the other. Throws
    /// Fault::shape for another size.
    void observe(std::span<const float> sample, int length = M::input_shape.width) {
        M::check_sample(sample.size(), length);
        std::span<const float> rest = sample;
        for (const Port& input : M::graph.inputs) {
            const std::size_t size = input.shape.size_of(length);
            if (values_.contains(input.node)) calibration_.observe(input.node, rest.first(size));
            rest = rest.subspan(size);
        }
        network_.load_input(sample, length, workspace_);
        network_.walk(length, workspace_, [&](const LayerView& layer) {
            if (values_.contains(layer.value)) calibration_.observe(layer.value, layer.numbers, layer.shape);
        });
    }

    /// Observes a picture of any size, preprocessed as M does it.
    void observe(const Image& picture) {
        M::check_preprocess();
        constexpr Shape shape = M::input_shape;
        std::vector<float> sample(static_cast<std::size_t>(shape.size()));
        M::Preprocess::apply(picture,
                             {.at = sample.data(), .row = shape.width, .column = 1, .channel = shape.pixels()});
        observe(sample);
    }

    /// Observes `count` samples, of which prepare(i) returns the i-th: floats or a picture, as above. Returns the
    /// number observed: fewer if `control` stopped it. Throws as `observe` does.
    template <class Prepare>
    std::size_t observe_all(std::size_t count, Prepare&& prepare, const RunControl& control = {}) {
        for (std::size_t i = 0; i < count;) {
            observe(prepare(i));
            if (!control.part_done(++i, count)) return i;
        }
        return count;
    }

    const Calibration& calibration() const { return calibration_; }

    /// The method is that of values with one step for all channels; the others have factors (ChannelFactors). Throws
    /// Fault::missing if nothing was observed.
    Ranges ranges(Method method = Method::linear, double percentile = usual_percentile) const {
        Ranges ranges =
            calibration_.ranges(method, M::Precision::data_types.values == Element::uint8 ? u8 : s16, percentile);
        ranges.by_channel = channel_factors(M::graph, M::Engine::plan, calibration_);
        return ranges;
    }

  private:
    Floats network_;
    typename M::Workspace workspace_;
    std::set<int> values_ = stored_values(M::graph, M::Engine::plan);
    Calibration calibration_;
};

}  // namespace taxon::quantize
