#pragma once
#include <cmath>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/reduction.hpp>
#include <taxon/onnx/places.hpp>
#include <vector>

/// Operators that scale numbers by statistics of themselves, or of training. Statistics are computed in double.
namespace taxon::onnx::normalization {

using elementwise::require_type;
using Int = std::int64_t;

inline void require_float(Call& call) { require_type(call, is_floating(call.type(0))); }
inline void require_channels(const Call& call, std::size_t i, Int channels) {
    call.require(call.shape(i) == Dimensions{channels} && is_floating(call.type(i)), Fault::shape,
                 io::to_string(call.shape(i)) + " of input " + std::to_string(i),
                 "a float for each of " + std::to_string(channels) + " channels");
}

/// (x - mean) / sqrt(variance + epsilon) * scale + bias, a channel each; statistics of training only.
inline void infer_batch(Call& call) {
    require_float(call);
    call.require(call.integer("training_mode", 0) == 0 && (call.opset >= 7 || call.integer("is_test", 0) == 1) &&
                     !call.wants(1),
                 Fault::unsupported, "training", "inference: export it after model.eval()");
    call.require(call.integer("spatial", 1) == 1, Fault::unsupported, "spatial 0", "a scale for each channel");
    call.require(!call.shape(0).empty(), Fault::shape, "one number", "channels");
    for (std::size_t i = 1; i < 5; ++i) require_channels(call, i, call.shape(0).size() < 2 ? 1 : call.shape(0)[1]);
    call.output(call.type(0), call.shape(0));
}
inline void compute_batch(Call& call) {
    const Tensor& x = call.operands[0];
    const auto after = static_cast<std::size_t>(product(x.shape(), std::min(x.rank(), std::size_t{2}), x.rank()));
    const std::size_t channels = call.operands[1].size();
    visit_type(x.type(), [&]<class T>(T) {
        for (std::size_t line = 0; after != 0 && line < x.size() / after; ++line) {
            const std::size_t channel = line % channels;
            const double scale =
                call.operands[1].real(channel) /
                std::sqrt(call.operands[4].real(channel) + static_cast<double>(call.number("epsilon", 1e-5f)));
            const double mean = call.operands[3].real(channel), bias = call.operands[2].real(channel);
            for (std::size_t i = line * after; i < (line + 1) * after; ++i)
                call.results[0].writable<T>()[i] =
                    static_cast<T>((static_cast<double>(x.numbers<T>()[i]) - mean) * scale + bias);
        }
    });
}

/// Of `size` numbers in a row.
struct Moments {
    double mean = 0, variance = 0;
    template <class T>
    static Moments of(const T* numbers, std::size_t size) {
        Moments moments;
        for (std::size_t i = 0; i < size; ++i) moments.mean += static_cast<double>(numbers[i]);
        moments.mean /= static_cast<double>(size);
        for (std::size_t i = 0; i < size; ++i)
            moments.variance += std::pow(static_cast<double>(numbers[i]) - moments.mean, 2);
        moments.variance /= static_cast<double>(size);
        return moments;
    }
};

/// Normalises every `size` numbers in a row; scale(i) and bias(i) are those of element i.
template <class Scale, class Bias>
void normalize(Call& call, std::size_t size, bool centred, Scale&& scale, Bias&& bias) {
    const Tensor& x = call.operands[0];
    const auto epsilon = static_cast<double>(call.number("epsilon", 1e-5f));
    visit_type(x.type(), [&]<class T>(T) {
        for (std::size_t first = 0; size != 0 && first < x.size(); first += size) {
            const T* numbers = x.numbers<T>().data() + first;
            Moments moments = Moments::of(numbers, size);
            if (!centred) moments = {0, moments.variance + moments.mean * moments.mean};
            const double factor = 1 / std::sqrt(moments.variance + epsilon);
            for (std::size_t i = 0; i < size; ++i)
                call.results[0].writable<T>()[first + i] = static_cast<T>(
                    (static_cast<double>(numbers[i]) - moments.mean) * factor * scale(first + i) + bias(first + i));
            if (call.results.size() > 1)
                call.results[1].writable<float>()[first / size] = static_cast<float>(moments.mean);
            if (call.results.size() > 2) call.results[2].writable<float>()[first / size] = static_cast<float>(factor);
        }
    });
}

/// Over the dimensions from an axis on; LayerNormalization also gives mean and 1 / deviation.
inline void infer_layer(Call& call) {
    require_float(call);
    call.require(call.integer("stash_type", 1) == 1, Fault::unsupported, "another stash_type", "float32");
    const Dimensions& shape = call.shape(0);
    const std::size_t axis = call.axis(call.integer("axis", -1), shape.size());
    for (std::size_t i = 1; i < call.inputs.size(); ++i)
        call.require(!call.given(i) || (broadcast(call.shape(i), shape) == shape && is_floating(call.type(i))),
                     Fault::shape, io::to_string(call.shape(i)), "floats that broadcast to " + io::to_string(shape));
    call.output(call.type(0), shape);
    Dimensions statistics = shape;
    for (std::size_t i = axis; i < shape.size(); ++i) statistics[i] = 1;
    for (std::size_t i = 1; i < call.node->outputs.size(); ++i) call.output(DataType::float32, statistics);
}
/// For each element of `shape` the number of an operand that is broadcast to it.
inline std::vector<double> widened(const Tensor& operand, const Dimensions& shape) {
    std::vector<double> numbers;
    for_each_place<1>(shape, {broadcast_strides(operand.shape(), shape)},
                      [&](const auto& at) { numbers.push_back(operand.real(static_cast<std::size_t>(at[0]))); });
    return numbers;
}
inline void compute_layer(Call& call) {
    const Tensor& x = call.operands[0];
    const std::size_t axis = call.axis(call.integer("axis", -1), x.rank());
    const auto size = static_cast<std::size_t>(product(x.shape(), axis, x.rank()));
    const std::vector<double> scales = widened(call.operands[1], x.shape()),
                              biases =
                                  call.given(2) ? widened(call.operands[2], x.shape()) : std::vector<double>(x.size());
    normalize(
        call, size, call.node->operation == "LayerNormalization", [&](std::size_t i) { return scales[i]; },
        [&](std::size_t i) { return biases[i]; });
}

inline void infer_instance(Call& call) {
    require_float(call);
    call.require(call.shape(0).size() >= 3, Fault::shape, io::to_string(call.shape(0)), "three dimensions or more");
    require_channels(call, 1, call.shape(0)[1]);
    require_channels(call, 2, call.shape(0)[1]);
    call.output(call.type(0), call.shape(0));
}
inline void compute_instance(Call& call) {
    const Dimensions& shape = call.operands[0].shape();
    const auto size = static_cast<std::size_t>(product(shape, 2, shape.size())),
               channels = static_cast<std::size_t>(shape[1]);
    normalize(
        call, size, true, [&](std::size_t i) { return call.operands[1].real(i / size % channels); },
        [&](std::size_t i) { return call.operands[2].real(i / size % channels); });
}

/// Scale and bias are a group's before version 21, then a channel's.
inline void infer_group(Call& call) {
    require_float(call);
    const Int groups = call.integer("num_groups", 0);
    call.require(call.shape(0).size() >= 2 && groups > 0 && call.shape(0)[1] % groups == 0, Fault::shape,
                 io::to_string(call.shape(0)), "channels in " + std::to_string(groups) + " groups");
    call.require(call.integer("stash_type", 1) == 1, Fault::unsupported, "another stash_type", "float32");
    const Int wanted = call.opset < 21 ? groups : call.shape(0)[1];
    require_channels(call, 1, wanted);
    require_channels(call, 2, wanted);
    call.output(call.type(0), call.shape(0));
}
inline void compute_group(Call& call) {
    const Dimensions& shape = call.operands[0].shape();
    const auto all = static_cast<std::size_t>(product(shape, 1, shape.size())),
               size = all / static_cast<std::size_t>(call.integer("num_groups", 1)),
               part = all / std::max(call.operands[1].size(), std::size_t{1});
    normalize(
        call, size, true, [&](std::size_t i) { return call.operands[1].real(i % all / part); },
        [&](std::size_t i) { return call.operands[2].real(i % all / part); });
}

/// x / (sum |x|^p)^(1/p) along an axis.
inline void infer_lp(Call& call) {
    require_float(call);
    const Int p = call.integer("p", 2);
    call.require(p == 1 || p == 2, Fault::unsupported, "p " + std::to_string(p), "1 or 2");
    call.axis(call.integer("axis", -1), call.shape(0).size());
    call.output(call.type(0), call.shape(0));
}
inline void compute_lp(Call& call) {
    const Tensor& x = call.operands[0];
    const auto lines = reduction::lines_of(x.shape(), call.axis(call.integer("axis", -1), x.rank()));
    const bool square = call.integer("p", 2) == 2;
    visit_type(x.type(), [&]<class T>(T) {
        for (std::size_t line = 0; line < lines.count; ++line) {
            double sum = 0;
            const T* numbers = x.numbers<T>().data() + lines.first(line);
            for (std::size_t i = 0; i < lines.size; ++i) {
                const auto one = static_cast<double>(numbers[i * lines.step]);
                sum += square ? one * one : std::fabs(one);
            }
            const double norm = square ? std::sqrt(sum) : sum;
            for (std::size_t i = 0; i < lines.size; ++i)
                call.results[0].writable<T>()[lines.first(line) + i * lines.step] =
                    static_cast<T>(norm == 0 ? 0 : static_cast<double>(numbers[i * lines.step]) / norm);
        }
    });
}

/// (x - mean) / deviation over axes.
inline Dimensions mean_variance_axes(const Call& call) { return call.integers("axes", {0, 2, 3}); }
inline void infer_mean_variance(Call& call) {
    require_float(call);
    for (const Int axis : mean_variance_axes(call)) call.axis(axis, call.shape(0).size());
    call.output(call.type(0), call.shape(0));
}
inline void compute_mean_variance(Call& call) {
    const Tensor& x = call.operands[0];
    Dimensions kept = x.shape();
    for (const Int axis : mean_variance_axes(call)) kept[call.axis(axis, x.rank())] = 1;
    Dimensions strides = broadcast_strides(kept, x.shape());
    const auto groups = static_cast<std::size_t>(io::element_count(kept));
    std::vector<double> sums(groups), squares(groups);
    const double count = static_cast<double>(x.size()) / static_cast<double>(std::max(groups, std::size_t{1}));
    visit_type(x.type(), [&]<class T>(T) {
        const auto each = [&](auto&& f) {
            std::size_t i = 0;
            for_each_place<1>(x.shape(), {strides}, [&](const auto& at) { f(i++, static_cast<std::size_t>(at[0])); });
        };
        each([&](std::size_t i, std::size_t group) { sums[group] += static_cast<double>(x.numbers<T>()[i]) / count; });
        each([&](std::size_t i, std::size_t group) {
            squares[group] += std::pow(static_cast<double>(x.numbers<T>()[i]) - sums[group], 2) / count;
        });
        each([&](std::size_t i, std::size_t group) {
            call.results[0].writable<T>()[i] = static_cast<T>((static_cast<double>(x.numbers<T>()[i]) - sums[group]) /
                                                              (std::sqrt(squares[group]) + 1e-9));
        });
    });
}

/// x / (bias + alpha / size * sum of squares of neighbouring channels)^beta
inline void infer_local_response(Call& call) {
    require_float(call);
    call.require(call.shape(0).size() >= 2 && call.integer("size", 0) > 0, Fault::shape, io::to_string(call.shape(0)),
                 "channels, and a size");
    call.work = static_cast<double>(io::element_count(call.shape(0))) *
                static_cast<double>(std::min(call.integer("size", 1), call.shape(0)[1]));
    call.output(call.type(0), call.shape(0));
}
inline void compute_local_response(Call& call) {
    const Tensor& x = call.operands[0];
    const auto lines = reduction::lines_of(x.shape(), 1);
    const Int size = call.integer("size", 1), before = (size - 1) / 2, after = size / 2, channels = x.shape()[1];
    const auto alpha = static_cast<double>(call.number("alpha", 1e-4f)),
               beta = static_cast<double>(call.number("beta", 0.75f)),
               bias = static_cast<double>(call.number("bias", 1));
    visit_type(x.type(), [&]<class T>(T) {
        for (std::size_t line = 0; line < lines.count; ++line)
            for (Int c = 0; c < channels; ++c) {
                const auto place = [&](Int channel) {
                    return lines.first(line) + static_cast<std::size_t>(channel) * lines.step;
                };
                double sum = 0;
                for (Int i = std::max(Int{0}, c - before); i <= std::min(channels - 1, c + after); ++i)
                    sum += std::pow(static_cast<double>(x.numbers<T>()[place(i)]), 2);
                call.results[0].writable<T>()[place(c)] =
                    static_cast<T>(static_cast<double>(x.numbers<T>()[place(c)]) /
                                   std::pow(bias + alpha / static_cast<double>(size) * sum, beta));
            }
    });
}

inline void add_to(std::vector<Operator>& table) {
    const Operator all[] = {
        {"BatchNormalization", 5, 5, "epsilon momentum spatial training_mode is_test", infer_batch, compute_batch},
        {"LayerNormalization", 2, 3, "axis epsilon stash_type", infer_layer, compute_layer},
        {"RMSNormalization", 2, 2, "axis epsilon stash_type", infer_layer, compute_layer},
        {"InstanceNormalization", 3, 3, "epsilon", infer_instance, compute_instance},
        {"GroupNormalization", 3, 3, "epsilon num_groups stash_type", infer_group, compute_group},
        {"LpNormalization", 1, 1, "axis p", infer_lp, compute_lp},
        {"MeanVarianceNormalization", 1, 1, "axes", infer_mean_variance, compute_mean_variance},
        {"LRN", 1, 1, "alpha beta bias size", infer_local_response, compute_local_response},
    };
    table.insert(table.end(), std::begin(all), std::end(all));
}

}  // namespace taxon::onnx::normalization
