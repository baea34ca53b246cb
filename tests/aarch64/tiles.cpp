// The register tiles of 64-bit Arm at their largest, for inner_loops.sh, which reads what the compiler made of them.
#include <taxon/backend/cpu/kernel_table.hpp>

#define TILES_OF(set)                                                                                                  \
    namespace taxon::cpu::set {                                                                                        \
    template <Element Weights, Element Out, int Wides>                                                                 \
    constexpr Tile largest() {                                                                                         \
        Epilogue epilogue{};                                                                                           \
        epilogue.out = Out;                                                                                            \
        return {most_rows<Dot<Weights>>(Wides, 0), Wides, 0, Weights, epilogue, 1};                                    \
    }                                                                                                                  \
    template <Element Weights, Element Out>                                                                            \
    inline constexpr TileCall tiles_of[] = {&tile<largest<Weights, Out, 1>()>, &tile<largest<Weights, Out, 2>()>,      \
                                            &tile<largest<Weights, Out, 3>()>, &tile<largest<Weights, Out, 4>()>};     \
    }

TAXON_REGION(neon)
TILES_OF(neon)
TAXON_REGION_END
TAXON_REGION(dotprod)
TILES_OF(dotprod)
TAXON_REGION_END
TAXON_REGION(i8mm)
TILES_OF(i8mm)
TAXON_REGION_END

namespace taxon::cpu {

extern const void* const tiles[];
const void* const tiles[] = {
    &neon::tiles_of<Element::float32, Element::float32>,  &neon::tiles_of<Element::float16, Element::float32>,
    &neon::tiles_of<Element::bfloat16, Element::float32>, &neon::tiles_of<Element::int16, Element::int16>,
    &neon::tiles_of<Element::int8, Element::uint8>,       &dotprod::tiles_of<Element::int8, Element::uint8>,
    &i8mm::tiles_of<Element::int8, Element::uint8>,       &i8mm::tiles_of<Element::bfloat16, Element::float32>};
extern const KernelCall products[];
const KernelCall products[] = {&neon::product<Activation{}, Element::float32>,
                               &neon::product<Activation{}, Element::float16>};
using ProductTile = decltype(&neon::product_tile<1, 1>);
extern const ProductTile dense[];
const ProductTile dense[] = {&neon::product_tile<6, 4>, &neon::product_tile<8, 2>, &neon::product_tile<8, 1>};

constexpr Geometry attention{.kernel = Kernel::attention,
                             .heads = 12,
                             .in = {.shape = Shape::tokens(3 * 384, 128), .pitch = 3 * 384},
                             .out = {.shape = Shape::tokens(384, 128), .pitch = 384}};
template <int Side>
constexpr Geometry depthwise() {
    constexpr View pixels{.shape = {64, 14, 14}, .pitch = 64, .halo = {Side / 2, Side / 2}};
    constexpr WindowAxis axis{.size = Side, .before = Side / 2, .after = Side / 2};
    return {.kernel = Kernel::depthwise, .window = {axis, axis}, .panel = 64, .in = pixels, .out = pixels};
}
extern const KernelCall others[];
const KernelCall others[] = {neon::kernel_of<attention>(), neon::kernel_of<depthwise<3>()>(),
                             neon::kernel_of<depthwise<5>()>()};

}  // namespace taxon::cpu
