// A network's kernel table, in the order of its steps, for one instruction set.
namespace taxon::cpu::TAXON_ISA {

template <class Program>
inline constexpr auto distinct_calls = []<std::size_t... I>(std::index_sequence<I...>) {
    constexpr auto& all = distinct_geometries<Program>;
    return std::array<KernelCall, sizeof...(I)>{kernel_of<Program::plan.steps[all.first_step[I]].geometry>()...};
}
(std::make_index_sequence<distinct_geometries<Program>.count>{});

template <class Program>
inline constexpr auto calls = [] {
    constexpr auto& all = distinct_geometries<Program>;
    std::array<KernelCall, all.of_step.size()> of_steps{};
    for (std::size_t i = 0; i < of_steps.size(); ++i) of_steps[i] = distinct_calls<Program>[all.of_step[i]];
    return of_steps;
}();

/// The interface between the rest of the program and a network compiled for this instruction set.
template <class Program>
inline constexpr KernelTable kernel_table{Isa::TAXON_ISA, calls<Program>, &load_input};

}  // namespace taxon::cpu::TAXON_ISA
