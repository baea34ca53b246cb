#pragma once
#include <cstring>
#include <taxon/backend/cpu/arena.hpp>
#include <taxon/plan/rows.hpp>

namespace taxon::cpu {

/// Some rows of a picture of floats, in a part of its buffer: those that a chain's next step reads. They move up where
/// the part has no room for more.
class RowWindow {
  public:
    RowWindow() = default;

    /// In `capacity` rows of memory from the buffer's row `first_row` on, halo included. `start` is the address of the
    /// buffer's first number.
    RowWindow(std::byte* start, const View& view, int first_row, int capacity)
        : height_(view.shape.height), capacity_(capacity),
          row_bytes_(sizeof(float) * static_cast<std::size_t>(view.row())),
          beside_(sizeof(float) * static_cast<std::size_t>(view.halo.x * view.pitch)),
          memory_(start + row_bytes_ * static_cast<std::size_t>(first_row)) {
        for (int row = 0; row < capacity && beside_ > 0; ++row) {
            std::memset(at(row), 0, beside_);
            std::memset(at(row + 1) - beside_, 0, beside_);
        }
    }

    /// Makes room for rows that are needed, in ascending order, and zeroes those of them that are halo. Returns those
    /// that are yet to be computed.
    RowRange make_room(RowRange needed) {
        if (end_ == begin_) begin_ = end_ = needed.first;
        if (needed.last - begin_ > capacity_) {
            if (end_ > needed.first) std::memmove(memory_, at(needed.first - begin_), bytes(end_ - needed.first));
            begin_ = needed.first;
        }
        const RowRange wanted{std::max(end_, needed.first), needed.last};
        end_ = std::max(end_, needed.last);
        const RowRange missing{std::clamp(wanted.first, 0, height_), std::clamp(wanted.last, 0, height_)};
        if (wanted.first < 0) std::memset(at(wanted.first - begin_), 0, bytes(std::min(0, wanted.last) - wanted.first));
        if (const int first = std::max(height_, wanted.first); first < wanted.last)
            std::memset(at(first - begin_), 0, bytes(wanted.last - first));
        return missing;
    }

    /// Where pixel (0, 0) would be.
    std::byte* origin() const { return at(-begin_) + beside_; }

  private:
    std::byte* at(int row) const { return memory_ + static_cast<std::ptrdiff_t>(row_bytes_) * row; }
    std::size_t bytes(int rows) const { return row_bytes_ * static_cast<std::size_t>(rows); }

    int height_ = 0, capacity_ = 0, begin_ = 0, end_ = 0;  ///< rows from `begin_` to `end_` are there
    std::size_t row_bytes_ = 0, beside_ = 0;
    std::byte* memory_ = nullptr;
};

}  // namespace taxon::cpu
