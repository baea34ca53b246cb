#pragma once
#include <memory>
#include <span>
#include <taxon/backend/cpu/memory.hpp>
#include <taxon/backend/cpu/strip.hpp>
#include <taxon/number/number.hpp>
#include <taxon/plan/packed_layout.hpp>
#include <vector>

namespace taxon::cpu {

/// Owner of the memory of packed weights: heap memory, or a mapped file.
class PackedMemory {
  public:
    virtual ~PackedMemory() = default;
    /// Called before every run. Throws if the memory is damaged.
    virtual void check() const {}
};

/// A network's weights in the order and layout in which kernels read them: the same for all instruction sets, but for
/// the order within panels of floats, if that is by strips.
struct Packed {
    std::span<const std::byte> weights;
    std::span<const float> biases;
    std::vector<QuantizationParameters> quantization;  ///< of the plan's buffers
    std::shared_ptr<const PackedMemory> memory;
    std::span<const std::byte> more_words{};  ///< rows of the word embeddings beyond the plan's: of added tokens
    bool by_strips = false;                   ///< which only those sets read that multiplies_strips names
};

/// The packed factors of a value's channels, or null: see Geometry::by_channel.
inline const float* steps_per_unit(const Packed& packed, PlanView plan, int slot) {
    const View view = plan.view(slot);
    if (is_integer(view.element))
        for (const Step& step : plan.steps)
            if (step.geometry.by_channel && plan.slot(step.target).buffer == plan.slot(slot).buffer)
                return packed.biases.data() + step.bias_at + taxon::detail::factors_at(view.shape.channels);
    return nullptr;
}

/// Bytes of a packed row of an embedding table: whole registers.
constexpr std::size_t embedding_row_bytes(const Geometry& geometry) {
    return static_cast<std::size_t>(round_up(geometry.out.shape.channels, 8)) * size_of(geometry.weights);
}

/// Heap memory.
struct OwnPackedMemory final : PackedMemory {
    std::vector<std::byte, CacheLineAllocator<std::byte>> weights;
    std::vector<float, CacheLineAllocator<float>> biases;
    std::vector<std::byte, CacheLineAllocator<std::byte>> more_words;
};

}  // namespace taxon::cpu
