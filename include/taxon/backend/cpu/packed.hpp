#pragma once
#include <memory>
#include <span>
#include <taxon/backend/cpu/memory.hpp>
#include <taxon/number/number.hpp>
#include <vector>

namespace taxon::cpu {

/// Owner of the memory of packed weights: heap memory, or a mapped file.
class PackedMemory {
  public:
    virtual ~PackedMemory() = default;
    /// Called before every run. Throws if the memory is damaged.
    virtual void check() const {}
};

/// A network's weights in the order and layout in which kernels read them: the same for all instruction sets.
struct Packed {
    std::span<const std::byte> weights;
    std::span<const float> biases;
    std::vector<QuantizationParameters> quantization;  ///< of the plan's buffers
    std::shared_ptr<const PackedMemory> memory;
};

/// Heap memory.
struct OwnPackedMemory final : PackedMemory {
    std::vector<std::byte, CacheLineAllocator<std::byte>> weights;
    std::vector<float, CacheLineAllocator<float>> biases;
};

}  // namespace taxon::cpu
