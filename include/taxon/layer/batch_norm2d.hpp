#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

namespace detail {

/// Adds the parameters of a normalisation; `prefix` is the name of a part. Returns the number of the first.
template <int Channels>
constexpr int batch_norm_parameters(Tracer& tracer, std::string_view prefix = {}) {
    const auto add = [&](std::string_view suffix, Role role, auto... dimensions) {
        Text<64> name;
        return tracer.parameter((name << prefix << suffix).view(), role, dimensions...);
    };
    const int first = add("weight", Role::trained, Channels);
    add("bias", Role::trained, Channels);
    add("running_mean", Role::statistic, Channels);
    add("running_var", Role::statistic, Channels);
    add("num_batches_tracked", Role::ignored);
    return first;
}

}  // namespace detail

/// `torch.nn.BatchNorm2d` at evaluation: (x − mean) / √(variance + ε) · weight + bias, per channel; ε is 1 /
/// InverseEpsilon.
template <int Channels, int InverseEpsilon = 100'000>
struct BatchNorm2d {
    static constexpr void trace(Tracer& tracer) {
        tracer.expect(tracer.shape().channels == Channels, "(BatchNorm2d<", Channels, ">) wants ", Channels,
                      " channels");
        tracer.node({.op = Op::batch_norm,
                     .inverse_epsilon = InverseEpsilon,
                     .parameter = detail::batch_norm_parameters<Channels>(tracer)},
                    tracer.shape());
    }
};

}  // namespace taxon
