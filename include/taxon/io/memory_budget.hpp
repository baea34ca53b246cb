#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <vector>

namespace taxon::io {

/// The memory that a reader may allocate for what it keeps about a text or a file: a fixed amount plus its size. A few
/// bytes of a hostile file can ask for a thousand.
class MemoryBudget {
  public:
    /// `place` names the text in errors.
    MemoryBudget(const Limits& limits, std::size_t bytes, std::string_view place)
        : most_(bytes > std::numeric_limits<std::size_t>::max() - limits.reader_bytes
                    ? std::numeric_limits<std::size_t>::max()
                    : limits.reader_bytes + bytes),
          left_(most_), place_(place) {}

    /// Throws Fault::limit if fewer bytes are left.
    void charge(std::size_t bytes) {
        if (bytes > left_)
            throw Error(Fault::limit, {.place = std::string(place_),
                                       .found = "contents that take more memory than their size allows",
                                       .wanted = "at most " + std::to_string(most_) + " bytes"});
        left_ -= bytes;
    }

    /// Takes back bytes that were charged.
    void give_back(std::size_t bytes) { left_ += bytes; }
    std::size_t left() const { return left_; }

    /// Makes room for `more` elements; while a vector grows, both copies of it count.
    template <class T>
    void reserve(std::vector<T>& vector, std::size_t more) {
        const std::size_t before = vector.capacity(), needed = vector.size() + more;
        if (needed <= before) return;
        const std::size_t after = std::max(needed, before + before / 2);
        charge(after * sizeof(T));
        vector.reserve(after);
        left_ += before * sizeof(T);
    }

  private:
    std::size_t most_, left_;
    std::string_view place_;
};

}  // namespace taxon::io
