#pragma once
#include <functional>
#include <span>
#include <string_view>
#include <taxon/core/shape.hpp>

namespace taxon {

/// What a layer made: (C, H, W), or tokens of features. `value` is the number of its node in the graph, for names need
/// not differ.
struct LayerView {
    int value;
    std::string_view name;
    Shape shape;
    std::span<const float> numbers;
};

/// Sees every layer's output while a network runs.
using LayerVisitor = std::function<void(const LayerView&)>;

/// Changes numbers of a value while a network runs, before the next step reads them; they come a pixel's or a token's
/// at a time.
using LayerEditor = std::function<void(int value, std::span<float> numbers)>;

}  // namespace taxon
