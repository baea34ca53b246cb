#pragma once
#include <taxon/weights/parameters.hpp>

namespace taxon::quantize {

/// Factors of a convolution's channels during equalisation, and the magnitudes of its weights under them, folded with
/// the following normalisation if there is one. A depthwise output reads one input, its own.
class ChannelScales {
  public:
    /// `norm` is the number of the normalisation's node, or `none`.
    ChannelScales(GraphView graph, int convolution, int norm, const Parameters& parameters) {
        const Node& node = graph.node(convolution);
        const std::size_t outputs = detail::size(node.out.channels), taps = detail::size(node.window.taps());
        inputs_ = detail::size(node.in.channels / node.groups), depthwise_ = node.groups > 1;
        const std::vector<float> weights = parameters[node.parameter];
        const std::vector<double> fold =
            norm == none ? std::vector<double>(outputs, 1) : affine(graph.node(norm), parameters).scale;
        magnitudes_.resize(outputs * inputs_);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            double& magnitude = magnitudes_[i / taps];
            magnitude = std::max(magnitude, std::abs(weights[i] * fold[i / taps / inputs_]));
        }
        of_outputs.assign(outputs, 1), of_inputs.assign(detail::size(node.in.channels), 1);
    }

    std::size_t inputs() const { return inputs_; }  ///< per output
    /// The factor of the `c`th input that output `n` reads.
    double reading(std::size_t n, std::size_t c) const { return of_inputs[depthwise_ ? n : c]; }

    /// The largest magnitude among the scaled weights of each output, or of each input.
    std::vector<double> ranges_of_outputs() const {
        return ranges(of_outputs.size(), [](std::size_t n, std::size_t) { return n; });
    }
    std::vector<double> ranges_of_inputs() const {
        return ranges(of_inputs.size(), [this](std::size_t n, std::size_t c) { return depthwise_ ? n : c; });
    }

    std::vector<double> of_outputs{}, of_inputs{};

  private:
    template <class Channel>
    std::vector<double> ranges(std::size_t channels, Channel channel) const {
        std::vector<double> result(channels);
        for (std::size_t n = 0; n < of_outputs.size(); ++n)
            for (std::size_t c = 0; c < inputs_; ++c) {
                double& range = result[channel(n, c)];
                range = std::max(range, magnitudes_[n * inputs_ + c] * of_outputs[n] * reading(n, c));
            }
        return result;
    }

    std::size_t inputs_ = 0;
    bool depthwise_ = false;
    std::vector<double> magnitudes_{};  // (outputs, inputs): the largest in a window
};

}  // namespace taxon::quantize
