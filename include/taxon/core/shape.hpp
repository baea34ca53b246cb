#pragma once
#include <taxon/core/text.hpp>

namespace taxon {

/// The shape of one sample's activation: an image (channels, height, width), a sequence of up to `width` tokens
/// (channels features each, height 1), a vector (channels), or a table of `height` rows of `channels` numbers. The
/// batch is a policy, not part of the shape.
struct Shape {
    int channels = 0, height = 1, width = 1;
    bool sequence = false;  ///< `width` is the maximum length; the actual one is given at run time
    bool table = false;     ///< rows are contiguous, in the arena as well

    static constexpr Shape rows(int columns, int count) { return {columns, count, 1, false, true}; }

    /// A sequence of up to `length` tokens of `features` numbers.
    static constexpr Shape tokens(int features, int length) { return {features, 1, length, true}; }

    constexpr int pixels() const { return height * width; }
    constexpr int size() const { return channels * pixels(); }  ///< number of elements, at the maximum length
    /// The same at `length` tokens, if it is a sequence.
    constexpr std::size_t size_of(int length) const {
        return static_cast<std::size_t>(sequence ? channels * length : size());
    }
    constexpr bool operator==(const Shape&) const = default;
};

template <std::size_t Capacity>
constexpr Text<Capacity>& operator<<(Text<Capacity>& text, Shape shape) {
    if (shape.sequence) return text << shape.channels << " features x " << shape.width << " tokens";
    if (shape.table) return text << shape.height << " rows x " << shape.channels << " columns";
    return text << shape.channels << " x " << shape.height << " x " << shape.width;
}

constexpr int round_up(int number, int multiple) { return (number + multiple - 1) / multiple * multiple; }

}  // namespace taxon
