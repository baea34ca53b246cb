#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace taxon::test {

/// Choices made by bytes, one each; after the last byte, all choices are the first.
class Recipe {
  public:
    explicit Recipe(std::span<const std::byte> bytes) : bytes_(bytes) {}

    bool empty() const { return bytes_.empty(); }
    std::size_t next() {
        if (bytes_.empty()) return 0;
        const auto byte = static_cast<std::size_t>(bytes_.front());
        bytes_ = bytes_.subspan(1);
        return byte;
    }
    std::size_t choose(std::size_t count) { return next() % count; }
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(choose(static_cast<std::size_t>(high - low + 1)));
    }
    template <class T>
    T one_of(std::initializer_list<T> all) {
        return *(all.begin() + choose(all.size()));
    }

  private:
    std::span<const std::byte> bytes_;
};

}  // namespace taxon::test
