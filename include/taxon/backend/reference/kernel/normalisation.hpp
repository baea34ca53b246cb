#pragma once
#include <taxon/backend/reference/kernel/value.hpp>
#include <xtensor/xmath.hpp>

namespace taxon::reference {

/// (x − mean) / √(variance + ε) · weight + bias with the running statistics; Ioffe and Szegedy 2015, algorithm 2.
inline Value batch_norm(const Node& node, const Value& x, const Value& weight, const Value& bias, const Value& mean,
                        const Value& variance) {
    const double epsilon = 1.0 / static_cast<double>(node.inverse_epsilon);
    return (x - by_channel(mean)) / xt::sqrt(by_channel(variance) + epsilon) * by_channel(weight) + by_channel(bias);
}

/// The same with the mean and variance of each pixel over its channels; Ba et al. 2016, section 3.
inline Value layer_norm(const Node& node, const Value& x, const Value& weight, const Value& bias) {
    const Value mean = xt::mean(x, {0}), centred = x - mean, variance = xt::mean(centred * centred, {0});
    return centred / xt::sqrt(variance + 1.0 / static_cast<double>(node.inverse_epsilon)) * by_channel(weight) +
           by_channel(bias);
}

/// e^x / Σ e^x over the channels of each pixel.
inline Value softmax(const Value& x) {
    const Value most = xt::amax(x, {0}), powers = xt::exp(x - most), sums = xt::sum(powers, {0});
    return powers / sums;
}

/// x / max(√Σx², 10⁻¹²) over the channels of each pixel.
inline Value l2_normalize(const Value& x) {
    const Value lengths = xt::sqrt(xt::sum(x * x, {0}));
    return x / xt::maximum(lengths, 1e-12);
}

/// The same with the mean and variance of each group of channels over all pixels; Wu and He 2018, section 3. Without
/// parameters if `weight` is null.
inline Value group_norm(const Node& node, const Value& x, const Value* weight, const Value* bias) {
    Value groups = x;
    groups.reshape({size(node.groups), x.size() / size(node.groups)});
    const Value mean = xt::mean(groups, {1}, xt::keep_dims), centred = groups - mean,
                variance = xt::mean(centred * centred, {1}, xt::keep_dims);
    Value y = centred / xt::sqrt(variance + 1.0 / static_cast<double>(node.inverse_epsilon));
    y.reshape(x.shape());
    return weight ? Value(y * by_channel(*weight) + by_channel(*bias)) : y;
}

}  // namespace taxon::reference
