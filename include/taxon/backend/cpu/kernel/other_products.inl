// The kernels of a set that multiplies some types of weights otherwise than the set that it is based on (`base` in its
// file of isa/): convolutions of these types, and the base's own for all else.
#include <taxon/backend/cpu/kernel/tile.inl>
#include <taxon/backend/cpu/kernel/window_form.inl>
#include <taxon/backend/cpu/kernel/window_tile.inl>
#include <taxon/backend/cpu/kernel/byte_tile.inl>
#include <taxon/backend/cpu/kernel/convolution.inl>
#include <taxon/backend/cpu/kernel/transposed_convolution.inl>

namespace taxon::cpu::TAXON_ISA {

template <Geometry G>
constexpr KernelCall kernel_of() {
    if constexpr (G.kernel == Kernel::convolution && multiplies(G.weights)) return convolution_kernel<G>;
    else return base::kernel_of<G>();
}

}  // namespace taxon::cpu::TAXON_ISA

#include <taxon/backend/cpu/kernel/kernel_table.inl>
