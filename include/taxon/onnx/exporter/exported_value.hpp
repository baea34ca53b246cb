#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <taxon/core/shape.hpp>
#include <vector>

namespace taxon::onnx {

/// The ways in which a value of taxon lies in a tensor, T being its pixels or tokens. What PyTorch permutes between
/// them, an exported graph transposes.
enum class Layout : unsigned char {
    planes,  ///< (N, C, H, W)
    line,    ///< (N, C, W), of a picture of height 1
    rows,    ///< (N, H, W, C)
    tokens,  ///< (N, T, C)
    matrix,  ///< (N · T, C), of which a linear layer is a single product
    vector,  ///< (N, C), of a single pixel
    table,   ///< (N, rows, columns)
    dense    ///< numbers in a row as (N, axes), whichever axes they have
};
inline constexpr std::size_t layout_count = static_cast<std::size_t>(Layout::dense) + 1;

constexpr bool has_channels_last(Layout layout) {
    return layout == Layout::rows || layout == Layout::tokens || layout == Layout::matrix || layout == Layout::vector;
}

/// The axis of the channels; of a table that of the rows, which is the one that a concatenation joins.
constexpr std::int64_t axis_of(Layout layout) { return layout == Layout::rows ? 3 : layout == Layout::tokens ? 2 : 1; }

/// A value of the graph: the name of its tensor in each layout that was needed so far, or, if it has none, the values
/// whose channels it holds side by side.
struct ExportedValue {
    std::string path;  ///< of its layer
    Shape shape{};
    std::array<std::string, layout_count> names{};
    std::vector<std::shared_ptr<ExportedValue>> parts{};
    /// True if it is a constant for one sample: only what broadcasts may read it.
    bool constant = false;
    /// of a dense constant, which has no tensor until it is read, and then one called `path`
    std::shared_ptr<const std::vector<float>> numbers{};
    std::vector<std::int64_t> axes{};          ///< of a dense tensor, without the samples
    std::shared_ptr<ExportedValue> picture{};  ///< that a dense value is, in this layout
    Layout picture_layout{};
    bool merged = false;  ///< a dense tensor has other axes, and the samples are none of them

    std::string& name(Layout layout) { return names[static_cast<std::size_t>(layout)]; }
    /// Has a tensor.
    bool made() const {
        for (const std::string& one : names)
            if (!one.empty()) return true;
        return false;
    }
    /// Its first tensor's.
    Layout layout() const {
        std::size_t i = 0;
        while (i + 1 < layout_count && names[i].empty()) ++i;
        return static_cast<Layout>(i);
    }
};
using ValueRef = std::shared_ptr<ExportedValue>;

}  // namespace taxon::onnx
