// A dense value made of pieces of others.
namespace taxon::cpu::TAXON_ISA {

/// Function 1: the filling of what no piece covers, before them. Else one piece.
inline void assemble(const Geometry& g, const Operands& o) {
    if (g.function == 0) return move(*o.nest, o);
    const auto [first, last] = o.share(o.nest->result_count);
    fill_run(static_cast<float>(o.nest->first), o.out_as<Element::float32>() + first, last - first);
}

}  // namespace taxon::cpu::TAXON_ISA
