#pragma once
#include <cstddef>
#include <memory>
#include <new>

namespace taxon::cpu {

/// The memory of one run at a time. It grows to the largest model that used it, and then allocates no more.
class Workspace {
  public:
    /// At least `size` bytes on a cache line's boundary. Zero when new, so that padding holds numbers from the start.
    std::byte* bytes(std::size_t size) {
        if (size > size_) {
            memory_.reset();
            memory_.reset(new (std::align_val_t(64)) std::byte[size]());
            size_ = size;
        }
        return memory_.get();
    }

  private:
    struct Free {
        void operator()(std::byte* p) const { ::operator delete[](p, std::align_val_t(64)); }
    };
    std::unique_ptr<std::byte[], Free> memory_;
    std::size_t size_ = 0;
};

}  // namespace taxon::cpu
