#pragma once
#include <functional>
#include <span>
#include <string_view>
#include <taxon/core/shape.hpp>

namespace taxon {

/// A layer's output: (C, H, W), or tokens of features. `value` is the number of its node in the graph, because names
/// need not be unique.
struct LayerView {
    int value;
    std::string_view name;
    Shape shape;
    std::span<const float> numbers;
};

/// Receives every layer's output while a network runs.
using LayerVisitor = std::function<void(const LayerView&)>;

/// Modifies a value while a network runs, before the next step reads it; called once per pixel or token. A rounded copy
/// of a value may be modified for each of its readers alone.
using LayerEditor = std::function<void(int value, std::span<float> numbers)>;

}  // namespace taxon
