#pragma once
#include <memory>
#include <span>
#include <taxon/backend/cpu/memory.hpp>
#include <taxon/number/number.hpp>
#include <vector>

namespace taxon::cpu {

/// Memory that packed weights lie in: their own, or a mapped file.
class PackedMemory {
  public:
    virtual ~PackedMemory() = default;
    /// Called before every run. Throws if the memory does not hold what was written to it.
    virtual void check() const {}
};

/// A network's weights in the order and layout in which the kernels read them: the same for all instruction sets.
struct Packed {
    std::span<const std::byte> weights;
    std::span<const float> biases;
    std::vector<QuantizationParameters> quantization;  ///< of the plan's buffers
    std::shared_ptr<const PackedMemory> memory;
};

/// Memory of their own.
struct OwnPackedMemory final : PackedMemory {
    std::vector<std::byte, CacheLineAllocator<std::byte>> weights;
    std::vector<float, CacheLineAllocator<float>> biases;
};

}  // namespace taxon::cpu
