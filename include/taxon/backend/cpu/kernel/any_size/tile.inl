// Every register tile of floats, found by its size.
namespace taxon::cpu::TAXON_ISA::any_size {

using Floats = Dot<Element::float32>;

inline constexpr int most_wides = registers == 32 ? 4 : 3, most_tile_rows = 16;

/// Writes `rows` pixels of `width` sums: activated, and with the residual.
TAXON_NOINLINE inline void finish_tile(const Geometry& g, float* sums, int rows, int width, float* out,
                                       std::ptrdiff_t out_pitch, const float* residual, std::ptrdiff_t residual_pitch) {
    if (!g.activation_last) activate_all(g.activation, sums, rows * width);
    if (g.residual)
        for (int i = 0; i < rows; ++i)
            for (int c = 0; c < width; c += Narrow::lanes) {
                float* const sum = sums + i * width + c;
                Narrow::store(sum, Narrow::load(sum) + Narrow::load(residual + i * residual_pitch + c));
            }
    if (g.activation_last) activate_all(g.activation, sums, rows * width);
    for (int i = 0; i < rows; ++i)
        for (int c = 0; c < width; c += Narrow::lanes)
            Narrow::store(out + i * out_pitch + c, Narrow::load(sums + i * width + c));
}

/// A tile's sums, which are finished in L1: activated, and with the residual, which may lie where they are written to.
template <Tile T>
TAXON_NOINLINE void finished_tile(const std::byte* in, std::byte* out_bytes, const std::byte* residual_bytes,
                                  const TileRun& run) {
    constexpr int width = T.wides * Wide::lanes + T.narrows * Narrow::lanes;
    const Geometry& g = *run.geometry;
    alignas(64) float sums[std::size_t{T.rows} * width];
    TileRun own = run;
    own.out_pitch = width;
    tile<T>(in, reinterpret_cast<std::byte*>(sums), in, own);  // it adds no residual
    finish_tile(g, sums, T.rows, width, reinterpret_cast<float*>(out_bytes), run.out_pitch,
                reinterpret_cast<const float*>(residual_bytes), run.residual_pitch);
}

/// The tiles of a table, by wide vectors, narrow ones and pixels; null where registers do not hold them.
using TileTable = std::array<std::array<std::array<TileCall, most_tile_rows + 1>, 2>, most_wides + 1>;

template <int Rows, int Wides, int Narrows, bool Finished>
constexpr TileCall tile_call() {
    if constexpr (Rows > 0 && Wides + Narrows > 0 &&
                  (Narrows == 0 || !std::is_same_v<Wide, Narrow>)&&Wides + Narrows <= most_wides) {
        if constexpr (Rows <= most_rows<Floats>(Wides, Narrows)) {
            constexpr Tile form{Rows, Wides, Narrows, Element::float32, Epilogue{}, 1};
            return Finished ? &finished_tile<form> : &tile<form>;
        }
    }
    return nullptr;
}

template <bool Finished>
inline constexpr TileTable tiles = [] {
    TileTable table{};
    const auto fill = [&]<std::size_t... I>(std::index_sequence<I...>) {
        constexpr std::size_t rows = most_tile_rows + 1;
        ((table[I / rows / 2][I / rows % 2][I % rows] =
              tile_call<static_cast<int>(I % rows), static_cast<int>(I / rows / 2), static_cast<int>(I / rows % 2),
                        Finished>()),
         ...);
    };
    fill(std::make_index_sequence<(most_wides + 1) * 2 * (most_tile_rows + 1)>{});
    return table;
}();

/// The strip of a panel that starts at `from`, in tiles of that shape for `pixels`; for an unknown number: 0.
template <bool Finished>
Strip strip_of(int from, const StripShape& shape, int pixels) {
    const auto& of_width =
        tiles<Finished>[static_cast<std::size_t>(shape.wides)][static_cast<std::size_t>(shape.narrows)];
    const auto call = [&](int rows) { return of_width[static_cast<std::size_t>(rows)]; };
    const int rest = pixels > 0 ? pixels % shape.rows : 0;
    return {from,   shape.width(),    shape.rows,
            rest,   call(shape.rows), call(pixels > 0 ? rest : std::max(shape.rows - 1, 1)),
            call(1)};
}

}  // namespace taxon::cpu::TAXON_ISA::any_size
