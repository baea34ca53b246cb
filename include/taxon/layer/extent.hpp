#pragma once
#include <taxon/core/text.hpp>

namespace taxon {

/// Two numbers as one template argument, for the rows and the columns of a picture: `3` is both, `Extent{1, 7}` each.
struct Extent {
    int height, width;
    constexpr Extent(int both) : height(both), width(both) {}
    constexpr Extent(int rows, int columns) : height(rows), width(columns) {}
    constexpr bool operator==(const Extent&) const = default;
};

template <std::size_t Capacity>
constexpr Text<Capacity>& operator<<(Text<Capacity>& text, Extent extent) {
    if (extent.height == extent.width) return text << extent.height;
    return text << "{" << extent.height << ", " << extent.width << "}";
}

}  // namespace taxon
