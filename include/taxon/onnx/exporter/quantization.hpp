#pragma once
#include <taxon/onnx/exporter/exporter.hpp>

namespace taxon::onnx {

/// A value as a model of integers stores it: rounded to 8 bits and back where its plan does so, else as it is.
inline ValueRef export_stored(Exporter& exporter, const std::string& path, int number, const ValueRef& x) {
    const auto found = exporter.rounding.values.find(number);
    if (found == exporter.rounding.values.end()) return x;
    const quantize::Scale grid = found->second;
    const auto round = [&](std::string_view of, const std::string& name, Layout) {
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
