#pragma once
#include <taxon/backend/reference/kernel/value.hpp>
#include <xtensor/xmath.hpp>

namespace taxon::reference {

/// Mean over all pixels: (C, H, W) to (C, 1, 1).
inline Value global_mean(const Value& x) { return xt::mean(x, {1, 2}, xt::keep_dims); }

}  // namespace taxon::reference
