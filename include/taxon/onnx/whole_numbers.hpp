#pragma once
#include <cstdint>

namespace taxon::onnx {

/// Whole numbers are floats in a network, which hold each of them up to `largest_whole`; and inputs are taken up to
/// `largest_given`, for which an import makes sure that all results stay below the other (lowering/range.hpp).
inline constexpr std::int64_t largest_whole = std::int64_t{1} << 24, largest_given = std::int64_t{1} << 22;

}  // namespace taxon::onnx
