#pragma once
#include <taxon/graph/node.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xview.hpp>

namespace taxon::reference {

/// A value of the graph, in double: (C, H, W); tokens are (features, 1, length).
using Value = xt::xarray<double>;

inline std::size_t size(int count) { return static_cast<std::size_t>(count); }

/// A vector with one number per channel, shaped to broadcast over the pixels of a value.
inline auto by_channel(const Value& numbers) { return xt::view(numbers, xt::all(), xt::newaxis(), xt::newaxis()); }

/// A parameter (1, …, H, W, C) as a value (C, H, W).
inline Value pixels_first(Value parameter, Shape shape) {
    parameter.reshape({size(shape.height), size(shape.width), size(shape.channels)});
    return xt::transpose(parameter, {2, 0, 1});
}

/// A vector, then the pixels of a value in a row.
inline Value prepended(const Value& x, const Value& vector) {
    Value row = x;
    row.reshape({x.shape(0), std::size_t{1}, x.shape(1) * x.shape(2)});
    return Value(xt::concatenate(xt::xtuple(vector, row), 2));
}

}  // namespace taxon::reference
