// Kernels of any geometry: convolutions are those that every network uses.
namespace taxon::cpu::portable::any_size {

inline constexpr KernelCall convolution_call = &portable::convolution<Element::float32>,
                            winograd_call = &portable::winograd<Element::float32, Element::float32>;

}  // namespace taxon::cpu::portable::any_size

#include <taxon/backend/cpu/kernel/any_size/common.inl>
