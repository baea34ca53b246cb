#include "backend/error_bound.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/plan/winograd.hpp>
#include <taxon/weights/parameters.hpp>
#include <vector>

namespace {

/// The values of a graph with their errors, in its order.
class Walk {
  public:
    static constexpr double four_sigma = 4;

    Walk(taxon::GraphView graph, const taxon::WeightSource& source, std::span<const float> sample, int length)
        : graph_(graph), parameters_(graph, source) {
        for (std::size_t i = 0; i < graph.inputs.size(); ++i)
            values_.push_back({largest(sample), root_mean_square(sample), 0});
        taxon::reference::Interpreter(graph, source).walk(sample, length, [&](const taxon::LayerView& layer) {
            const auto [value, name, shape, numbers] = layer;
            const taxon::Node& node = graph_.node(static_cast<int>(values_.size()));
            values_.push_back({largest(numbers), root_mean_square(numbers), error(node, length, numbers)});
            previous_.assign(numbers.begin(), numbers.end()), previous_shape_ = shape;
        });
    }

    /// Of the network's outputs.
    double error() const { return four_sigma * largest_of(&Value::error); }
    double magnitude() const { return largest_of(&Value::magnitude); }

  private:
    static constexpr double unit = 0x1p-24;
    struct Value {
        double magnitude, root_mean_square, error;
    };

    double largest_of(double Value::*field) const {
        double most = 0;
        for (const taxon::Port& output : graph_.outputs)
            most = std::max(most, values_[static_cast<std::size_t>(output.node)].*field);
        return most;
    }

    static double root_mean_square(std::span<const float> numbers) {
        double sum = 0;
        for (const float x : numbers) sum += static_cast<double>(x) * x;
        return std::sqrt(sum / static_cast<double>(numbers.size()));
    }

    static double largest(std::span<const float> numbers) {
        double most = 0;
        for (const float x : numbers) most = std::max(most, std::abs(static_cast<double>(x)));
        return most;
    }

    double error(const taxon::Node& node, int length, std::span<const float> numbers) const {
        using taxon::Op;
        const auto operand = [&](int number) {
            return values_[static_cast<std::size_t>(graph_.operand(node, number))];
        };
        if (node.op == Op::parameter) return 0;
        const auto [m, r, e] = operand(0);
        switch (node.op) {
            case Op::input:
            case Op::parameter: return 0;
            // as tests/backend/step_by_step.cpp says; a number of four windows sums their errors
            case Op::outlook_attention: {
                const double scale = 1 / std::sqrt(static_cast<double>(node.out.channels / node.heads)),
                             w = scale * (operand(1).error + 4 * unit * operand(1).magnitude) + 3e-7;
                return 4 * (e + m * (2 * w + 50 * unit));
            }
            case Op::class_attention: {
                const auto token = operand(1);
                const double score = r * token.error + token.root_mean_square * e +
                                     unit * std::sqrt(node.out.channels / node.heads) * r * token.root_mean_square +
                                     3e-7,
                             most = std::max(m, token.magnitude);
                return std::max(e, token.error) + 2 * score * most + unit * std::sqrt(node.in.pixels() + 1) * most;
            }
            case Op::convolution: return convolution(node, r, e);
            case Op::batch_norm: {
                const taxon::Affine norm = affine(node, parameters_);
                double most = 0;
                for (std::size_t c = 0; c < norm.scale.size(); ++c)
                    most = std::max(most,
                                    std::abs(norm.scale[c]) * (e + 2 * unit * m) + 2 * unit * std::abs(norm.shift[c]));
                return most;
            }
            case Op::layer_norm: return layer_norm(node, m, e);
            case Op::group_norm: return group_norm(node, m, e);
            case Op::activation:
                return steepest_slope(node.activation) * (e + unit * m) + approximation(node.activation, m);
            case Op::prelu: {
                double most = 1;
                for (const float slope : parameters_[node.parameter])
                    most = std::max(most, std::abs(static_cast<double>(slope)));
                return most * (e + 2 * unit * m);
            }
            case Op::add: return e + operand(1).error + unit * (m + operand(1).magnitude);
            case Op::multiply: return e * operand(1).magnitude + m * (operand(1).error + unit * operand(1).magnitude);
            case Op::concat: {
                double most = 0;
                for (int i = 0; i < node.operand_count; ++i) most = std::max(most, operand(i).error);
                return most;
            }
            case Op::pool: return e + unit * std::sqrt(node.in.pixels()) * m;
            case Op::resize: return e + 4 * unit * m;
            // twice the error of a difference of two numbers, of a share that is at most one
            case Op::softmax: return 4 * e + 1e-6 + unit * std::sqrt(node.in.channels);
            case Op::mean_tokens: return e + unit * std::sqrt(length) * m;
            case Op::l2_normalize: return l2_normalize(node, e);
            case Op::prepend: return std::max(e, operand(1).error);
            case Op::shuffle:
            case Op::first_token:
            case Op::slice:
            case Op::upsample: return e;
            case Op::boxes: {
                const double anchor = *std::max_element(node.anchors.begin(), node.anchors.end()),
                             slope = node.code == taxon::BoxCode::darknet ? std::exp(m) : 1.54;
                return std::max({e, e * node.stride / 2, e * slope * anchor}) + 8 * unit * largest(numbers);
            }
            // no term is greater than the sums are, but by chance
            case Op::embedding: return 2 * unit * 3 * largest(numbers);
            case Op::attention: {
                const double score = 2 * r * e + unit * std::sqrt(node.out.channels / node.heads) * r * r + 3e-7;
                return e + 2 * score * r + unit * std::sqrt(length) * largest(numbers);
            }
            // held to Reference one by one: tests/backend/cpu/kernel/dense
            case Op::constant:
            case Op::map:
            case Op::assemble:
            case Op::reduce:
            case Op::row:
            case Op::matrix_product:
            case Op::gather:
            case Op::scatter:
            case Op::sort:
            case Op::recurrent:
            case Op::scaled_dot_product:
            case Op::flatten:
            case Op::picture: throw std::logic_error("dense values have no bound");
        }
        return 0;
    }

    double convolution(const taxon::Node& node, double r, double e) const {
        const auto weights = parameters_.weights(node);
        const std::size_t outputs = static_cast<std::size_t>(node.out.channels), depth = weights.size() / outputs;
        const auto biases = parameters_.biases(node);
        const double rounding = (taxon::detail::suits_winograd(node) ? 2.2 : 1) * unit;
        double most = 0;
        for (std::size_t n = 0; n < outputs; ++n) {
            double square = 0;
            for (std::size_t i = 0; i < depth; ++i)
                square += static_cast<double>(weights[n * depth + i]) * weights[n * depth + i];
            const double norm = std::sqrt(square);
            most = std::max(most, norm * e + rounding * std::sqrt(depth + 2) * (norm * r + std::abs(biases[n])));
        }
        return most;
    }

    /// The factor is one over the deviation of the pixel with the least. Only right where the operand is the value
    /// before, as in our tests.
    double layer_norm(const taxon::Node& node, double m, double e) const {
        const std::size_t channels = static_cast<std::size_t>(node.in.channels),
                          pixels = std::max<std::size_t>(1, previous_.size() / channels);
        const bool rows = previous_shape_.sequence;
        double least = 1e9;
        for (std::size_t p = 0; p < pixels && !previous_.empty(); ++p) {
            double sum = 0, square = 0;
            for (std::size_t c = 0; c < channels; ++c) {
                const double x = previous_[rows ? p * channels + c : c * pixels + p];
                sum += x, square += x * x;
            }
            const double mean = sum / static_cast<double>(channels);
            least = std::min(least, square / static_cast<double>(channels) - mean * mean);
        }
        if (previous_.empty()) least = 0.02;  // the input: uniform in [-1, 1), variance 1/3
        const double scale = 1 / std::sqrt(std::max(least, 0.0) + 1.0 / static_cast<double>(node.inverse_epsilon));
        return 1.1 * scale * (e + unit * std::sqrt(channels) * m) + 4 * unit * (scale * m + 1);
    }

    /// An error relative to the shortest pixel's length, and as much again of the length.
    double l2_normalize(const taxon::Node& node, double e) const {
        const std::size_t channels = static_cast<std::size_t>(node.in.channels), pixels = previous_.size() / channels;
        const bool rows = previous_shape_.sequence;
        double least = 1e9;
        for (std::size_t p = 0; p < pixels; ++p) {
            double square = 0;
            for (std::size_t c = 0; c < channels; ++c) {
                const double x = previous_[rows ? p * channels + c : c * pixels + p];
                square += x * x;
            }
            least = std::min(least, square);
        }
        return 2 * e / std::sqrt(least) + unit * std::sqrt(channels);
    }

    /// As layer_norm, for the group with the least deviation, whose sums are of pixels.
    double group_norm(const taxon::Node& node, double m, double e) const {
        const std::size_t width = previous_.size() / static_cast<std::size_t>(node.groups);
        double least = previous_.empty() ? 0.02 : 1e9, most = 0;
        for (std::size_t first = 0; first < previous_.size(); first += width) {
            double sum = 0, square = 0;
            for (const float x : std::span(previous_).subspan(first, width))
                sum += static_cast<double>(x), square += static_cast<double>(x) * static_cast<double>(x);
            const double mean = sum / static_cast<double>(width);
            least = std::min(least, square / static_cast<double>(width) - mean * mean);
            most = std::max(most, std::abs(mean));
        }
        const double scale = 1 / std::sqrt(std::max(least, 0.0) + 1.0 / static_cast<double>(node.inverse_epsilon));
        return 1.1 * scale * (e + unit * std::sqrt(node.in.pixels()) * m) + 4 * unit * (scale * (m + most) + 1);
    }

    taxon::GraphView graph_;
    taxon::Parameters parameters_;
    std::vector<Value> values_{};
    std::vector<float> previous_{};
    taxon::Shape previous_shape_{};
};

}  // namespace

ErrorBound::ErrorBound(taxon::GraphView graph, const taxon::WeightSource& source, std::span<const float> sample,
                       int length) {
    const Walk walk(graph, source, sample, length);
    error_ = walk.error();
    magnitude_ = walk.magnitude();
}

double steepest_slope(const taxon::Activation& function) {
    using taxon::Activation;
    const bool has_own = function.kind == Activation::leaky_relu || function.kind == Activation::elu ||
                         function.kind == Activation::times;
    return std::max(1.13, has_own ? std::abs(static_cast<double>(function.first)) : 0.0);
}

double approximation(const taxon::Activation& function, double m) {
    using taxon::Activation;
    const double first = function.first;
    switch (function.kind) {
        case Activation::sigmoid: return 3e-7;
        case Activation::silu: return 3e-7 * std::max(1.0, m);
        case Activation::tanh: return 5e-7;
        case Activation::gelu: return 1e-6 + 1.2e-7 * m;
        case Activation::elu: return 4e-7 * std::abs(first) + 1.2e-7 * m;
        case Activation::softplus: return 3e-7 / first + 2.4e-7 * m;
        case Activation::mish: return 5e-7 * m;
        default: return 0;
    }
}
