#pragma once
#include <taxon/core/text.hpp>

namespace taxon {

/// The shape of one sample's activation: a picture (channels, height, width), a sequence of up to `width` tokens
/// (channels features each, height 1), a vector (channels), or a table of `height` rows of `channels` numbers. The
/// batch is a policy, not a shape.
struct Shape {
    int channels = 0, height = 1, width = 1;
    bool sequence = false;  ///< `width` is the largest length; the real one is said when the model runs
    bool table = false;     ///< rows follow one another without a gap, in the arena as well

    static constexpr Shape rows(int columns, int count) { return {columns, count, 1, false, true}; }

    /// Up to `length` tokens of `features` numbers.
    static constexpr Shape tokens(int features, int length) { return {features, 1, length, true}; }

    constexpr int pixels() const { return height * width; }
    constexpr int size() const { return channels * pixels(); }  ///< numbers in it, at the largest length
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
