#pragma once
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/core/shape.hpp>
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>

namespace taxon::adapt {

/// Runs a model on xtensor arrays: samples (N, C, H, W) in, (N, features) out, or (N, C, H, W) for networks that output
/// maps. Networks over tokens: (N, length, features) in and out; detectors: (N, rows, columns) out. Throws Fault::shape
/// if the dimensions do not match the model's input.
template <class M, class E>
xt::xarray<float> run(const M& model, const xt::xexpression<E>& samples) {
    const xt::xarray<float> dense = samples.derived_cast();
    static_assert(M::graph.inputs.size() == 1 && M::graph.outputs.size() == 1,
                  "taxon::adapt::run: this network has several inputs or outputs; call the model itself, by their "
                  "names");
    constexpr Shape in = M::input_shape, out = M::output_shape;
    const auto axis = [&](std::size_t i) { return i < dense.dimension() ? static_cast<int>(dense.shape(i)) : 0; };
    const bool fits =
        in.sequence ? dense.dimension() == 3 && axis(2) == in.channels
                    : dense.dimension() == 4 && axis(1) == in.channels && axis(2) == in.height && axis(3) == in.width;
    if (!fits) {
        std::string found;
        for (std::size_t i = 0; i < dense.dimension(); ++i)
            found.append(i > 0 ? " x " : "").append(std::to_string(dense.shape(i)));
        Text<64> wanted;
        wanted << in;
        throw Error(Fault::shape, {.place = "samples", .found = found, .wanted = "N x " + std::string(wanted.view())});
    }
    const int length = in.sequence ? axis(1) : in.width;
    const auto numbers = model(std::span<const float>(dense.data(), dense.size()), length);
    const std::size_t batch = dense.shape(0), channels = static_cast<std::size_t>(out.channels);
    std::vector<std::size_t> shape{batch, channels};
    if (out.table) shape = {batch, static_cast<std::size_t>(out.height), channels};
    else if (out.sequence) shape = {batch, static_cast<std::size_t>(length), channels};
    else if (out.pixels() > 1)
        shape = {batch, channels, static_cast<std::size_t>(out.height), static_cast<std::size_t>(out.width)};
    return xt::adapt(numbers, shape);
}

}  // namespace taxon::adapt
