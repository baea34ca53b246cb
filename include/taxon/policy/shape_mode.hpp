#pragma once
#include <taxon/core/shape.hpp>
#include <type_traits>

namespace taxon {

/// Policy: the input's dimensions, that is how many samples a call may pass and their size. `input(shape)` turns the
/// architecture's own input shape into the model's.
template <class S>
concept ShapeMode = requires(Shape shape) {
    requires S::min_batch >= 1 && S::max_batch >= S::min_batch;
    requires S::min_length >= 1 && S::max_length >= 0;
    {S::input(shape)};
};

/// From `first` to `last`, inclusive: `shape::Mutable<Range{1, 64}, Range{1, 512}>`.
struct Range {
    int first = 1, last = 1;
};

namespace shape {

/// `Fixed<Batch>`: the architecture's own size. `Fixed<Batch, Height, Width>`: images of that size. `Fixed<Batch,
/// Sequence>`: that many tokens.
template <int Batch, int... Size>
struct Fixed {
    static_assert(Batch >= 1 && ((Size >= 1) && ...), "taxon::shape::Fixed: wants sizes of at least 1");
    static_assert(sizeof...(Size) <= 2,
                  "taxon::shape::Fixed: give a batch, then nothing, a sequence length, or a height and a width");
    static constexpr int min_batch = Batch, max_batch = Batch;
    static constexpr int max_length = sizeof...(Size) == 1 ? (Size + ... + 0) : 0,
                         min_length = max_length > 0 ? max_length : 1;

    static constexpr Shape input(Shape shape) {
        constexpr int sizes[] = {Size..., 0, 0};
        if constexpr (sizeof...(Size) == 1) shape.width = sizes[0];
        if constexpr (sizeof...(Size) == 2) shape.height = sizes[0], shape.width = sizes[1];
        return shape;
    }
};

/// `Mutable<MinBatch, MaxBatch>`: any batch in that range, samples of the architecture's own size. `Mutable<Range{…},
/// Range{…}>`: a range of batches and a range of sequence lengths.
template <auto First, auto Second>
struct Mutable {
    // of class type they are const
    static constexpr bool text = std::is_same_v<std::remove_cv_t<decltype(First)>, Range>;
    static_assert(std::is_same_v<decltype(First), decltype(Second)> && (text || std::is_same_v<decltype(First), int>),
                  "taxon::shape::Mutable: give two whole numbers (least and most batch), or two Ranges (batch and "
                  "sequence length)");

    static constexpr int min_batch = [] {
        if constexpr (text) return First.first;
        else return First;
    }();
    static constexpr int max_batch = [] {
        if constexpr (text) return First.last;
        else return Second;
    }();
    static constexpr int min_length = [] {
        if constexpr (text) return Second.first;
        else return 1;
    }();
    static constexpr int max_length = [] {
        if constexpr (text) return Second.last;
        else return 0;
    }();
    static_assert(1 <= min_batch && min_batch <= max_batch && 1 <= min_length &&
                      (max_length == 0 || min_length <= max_length),
                  "taxon::shape::Mutable: wants ranges from at least 1 up to no less");

    static constexpr Shape input(Shape shape) {
        if (max_length > 0) shape.width = max_length;
        return shape;
    }
};

}  // namespace shape
}  // namespace taxon
