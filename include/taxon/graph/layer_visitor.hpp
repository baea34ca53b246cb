#pragma once
#include <functional>
#include <span>
#include <string_view>
#include <taxon/core/shape.hpp>

namespace taxon {

/// Sees a layer's name and its output while a network runs: (C, H, W), or tokens of features.
using LayerVisitor = std::function<void(std::string_view name, Shape shape, std::span<const float> output)>;

}  // namespace taxon
