// A network's kernel table, in the order of its steps, for one instruction set.
namespace taxon::cpu::TAXON_ISA {

template <class Program>
inline constexpr auto calls = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<KernelCall, sizeof...(I)>{kernel_of<Program::plan.steps[I].geometry>()...};
}
(std::make_index_sequence<Program::plan.steps.size()>{});

/// The interface between the rest of the program and a network compiled for this instruction set.
template <class Program>
inline constexpr KernelTable kernel_table{Isa::TAXON_ISA, calls<Program>, &load_input};

}  // namespace taxon::cpu::TAXON_ISA
