#pragma once
#include <taxon/backend/cpu/memory.hpp>
#include <vector>

namespace taxon::cpu {

struct RunRecord;

/// The memory of one run at a time. It grows to the largest model that used it, and then allocates no more.
class Workspace {
  public:
    /// At least `size` bytes, aligned to a cache line. Zeroed when new, so that padding is valid from the start.
    std::byte* bytes(std::size_t size) {
        if (size > memory_.size()) {
            memory_ = {};  // never both at a time
            memory_.resize(size);
        }
        return memory_.data();
    }

    /// Runs in this memory add themselves to the record, until it is replaced or null. It must outlive them.
    void record_to(RunRecord* record) { record_ = record; }
    RunRecord* record() const { return record_; }

  private:
    std::vector<std::byte, CacheLineAllocator<std::byte>> memory_;
    RunRecord* record_ = nullptr;
};

}  // namespace taxon::cpu
