#pragma once
#include <algorithm>
#include <taxon/backend/cpu/kernel_table.hpp>
#include <taxon/plan/winograd.hpp>

#if TAXON_COMPILES(avx2)
TAXON_REGION(avx2)
#define TAXON_ISA avx2
#include <taxon/backend/cpu/kernel/tile_shape.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(avx_vnni)
TAXON_REGION(avx_vnni)
#define TAXON_ISA avx_vnni
#include <taxon/backend/cpu/kernel/tile_shape.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(avx512)
TAXON_REGION(avx512)
#define TAXON_ISA avx512
#include <taxon/backend/cpu/kernel/tile_shape.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(neon)
TAXON_REGION(neon)
#define TAXON_ISA neon
#include <taxon/backend/cpu/kernel/tile_shape.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(dotprod)
TAXON_REGION(dotprod)
#define TAXON_ISA dotprod
#include <taxon/backend/cpu/kernel/tile_shape.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(i8mm)
TAXON_REGION(i8mm)
#define TAXON_ISA i8mm
#include <taxon/backend/cpu/kernel/tile_shape.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

namespace taxon::cpu {

TAXON_DECL TileShape tile_shape([[maybe_unused]] Isa isa, [[maybe_unused]] const Geometry& g) {
#if TAXON_COMPILES(amx)
    if (isa == Isa::amx && amx::suits_matrix_tiles(g))
        return {amx::matrix_rows(g.out.shape.sequence ? 16 : g.out.shape.width), 16};
#endif
#if TAXON_COMPILES(avx512)
    if (isa == Isa::avx512 || isa == Isa::amx) return avx512::tile_shape_of(g);
#endif
#if TAXON_COMPILES(avx_vnni)
    if (isa == Isa::avx_vnni) return avx_vnni::tile_shape_of(g);
#endif
#if TAXON_COMPILES(avx2)
    if (isa == Isa::avx2) return avx2::tile_shape_of(g);
#endif
#if TAXON_COMPILES(i8mm)
    if (isa == Isa::i8mm) return i8mm::tile_shape_of(g);
#endif
#if TAXON_COMPILES(dotprod)
    if (isa == Isa::dotprod) return dotprod::tile_shape_of(g);
#endif
#if TAXON_COMPILES(neon)
    if (isa == Isa::neon) return neon::tile_shape_of(g);
#endif
    return {};
}

}  // namespace taxon::cpu
