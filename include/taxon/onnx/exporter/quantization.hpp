#pragma once
#include <taxon/onnx/exporter/exporter.hpp>

namespace taxon::onnx {

/// A tensor whose channels are divided by factors; the weights of its readers are multiplied by them.
inline std::string export_quotients(Exporter& exporter, std::string_view path, const std::string& name, Layout layout,
                                    std::span<const float> factors) {
    std::vector<float> inverses;
    for (const float factor : factors) inverses.push_back(1 / factor);
    const auto channels = static_cast<std::int64_t>(factors.size());
    const Dimensions shape = has_channels_last(layout) ? Dimensions{channels}
                             : layout == Layout::line  ? Dimensions{channels, 1}
                                                       : Dimensions{channels, 1, 1};
    GraphWriter& to = exporter.to;
    return to.node(path, "Mul", {name, to.initializer(std::string(path) + "/factors", shape, std::move(inverses))});
}

/// A value as a model of integers stores it: rounded to 8 bits and back where its plan does so, else as it is.
inline ValueRef export_stored(Exporter& exporter, const std::string& path, int number, const ValueRef& x) {
    const auto found = exporter.rounding.values.find(number);
    if (found == exporter.rounding.values.end()) return x;
    const quantize::Scale grid = found->second;
    const auto factors = exporter.rounding.factors_of(number);
    if (!factors.empty()) exporter.as(x, Exporter::layout_of(x));  // one tensor, not several side by side
    const auto round = [&](std::string_view of, const std::string& plain, Layout layout) {
        const std::string name = factors.empty() ? plain : export_quotients(exporter, of, plain, layout, factors);
        // what was written into its place in a concatenation is there already
        if (const auto rounded = exporter.grids.find(name); rounded != exporter.grids.end() && rounded->second == grid)
            return name;
        GraphWriter& to = exporter.to;
        const std::string scale = to.real(grid.step), zero = to.bytes(static_cast<std::uint8_t>(grid.zero)),
                          integers = to.node(of, "QuantizeLinear", {name, scale, zero}),
                          reals = to.node(of, "DequantizeLinear", {integers, scale, zero});
        exporter.grids[reals] = grid;
        return reals;
    };
    const ValueRef stored = exporter.each(path, x, round);
    stored->constant = x->constant;
    return stored;
}

}  // namespace taxon::onnx
