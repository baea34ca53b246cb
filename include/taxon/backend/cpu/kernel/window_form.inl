// Which convolutions are computed by the tiles of window_tile.inl, and the order of their weights.
namespace taxon::cpu::TAXON_ISA {

/// How outputs share a register: as many units, each the outputs of a group of the network, of as many inputs in turn.
/// A unit's outputs times its inputs in turn are a vector. As many units as inputs in turn are a vector of outputs.
struct WindowForm {
    int units = 0, in_turn = 1;
    int outputs = 0, inputs = 0;  ///< of a unit

    /// Outputs of a tile.
    constexpr int width() const { return units * outputs; }
    constexpr bool operator==(const WindowForm&) const = default;
};

/// Weights of a tile in turn, in vectors.
inline constexpr int most_window_weights = 256;

/// Units of that many outputs of a group; none if they do not suit a geometry.
constexpr WindowForm window_form(const Geometry& g, int outputs) {
    const int in_turn = Wide::lanes / outputs, parts = g.panel / outputs, fold = in_turn * fold_of(g.weights),
              inputs = g.in.shape.channels / g.groups / parts,
              units = g.groups * g.panel % Wide::lanes == 0 ? in_turn : std::max(parts, in_turn / 2);
    const bool fits =
        in_turn == 1 || (inputs % fold == 0 && units * g.window.taps() * (inputs / fold) <= most_window_weights);
    return fits ? WindowForm{units, in_turn, outputs, inputs} : WindowForm{};
}

/// Of a convolution in groups whose panels are one vector wide, half of one, or two groups of four outputs in one panel
/// with zeros between them, and the pixels of a window's row adjacent; no units if it is none.
constexpr WindowForm window_form(const Geometry& g) {
    const WindowAxis& x = g.window.x;
    const bool few = g.panel == Wide::lanes || g.panel == Narrow::lanes;
    if (g.groups == 1 || g.transposed || x.stride > 1 || x.dilation > 1 || x.size == 1 || x.size > 7 || !few) return {};
    if (g.merged == 2 && g.panel == 8 && g.weights == Element::float32 && Wide::lanes > 4)
        if (const WindowForm form = window_form(g, 4); form.units > 0) return form;
    return window_form(g, g.panel);
}

/// Pixels per tile: as many as the registers hold beside the taps' weights, in tiles as equal as possible.
template <class D>
constexpr int window_tile_rows(int line, int taps, int units) {
    const int room = registers - taps * D::column_registers - D::spread_registers,
              most = std::max(1, std::min(24, room / units)), tiles = (line + most - 1) / most;
    return (line + tiles - 1) / tiles;
}

/// The weights of a strip as tiles read them, where inputs are in turn: unit by unit, tap by tap.
class WindowWeights {
  public:
    template <class Tail = Pair>
    TAXON_INLINE const std::byte* of(const Geometry& g, const std::byte* weights) {
        const WindowForm form = window_form(g);
        if constexpr (Wide::lanes >= 8)
            if (form.outputs == 4) put_in_turn<float, Tail, 4>(g, form, weights);
        if constexpr (Wide::lanes >= 16) {
            if (form.outputs == 8 && g.weights == Element::float16) put_in_turn<half, Tail, 8>(g, form, weights);
            else if (form.outputs == 8) put_in_turn<float, Tail, 8>(g, form, weights);  // or what is in 32 bits
        }
        return lanes_;
    }

  private:
    template <class N, class Tail, int Outputs>
    void put_in_turn(const Geometry& g, const WindowForm& form, const std::byte* bytes) {
        const int fold = fold_of(g.weights), parts = g.panel / Outputs, inputs = form.inputs / fold,
                  taps = g.window.taps();
        std::byte* to = lanes_;
        for (int unit = 0; unit < form.units; ++unit) {
            const int group = unit / parts, part = unit % parts;
            for (int tap = 0; tap < taps; ++tap)
                for (int i = 0; i < inputs; i += form.in_turn, to += 4 * Wide::lanes) {
                    const int input = ((group * taps + tap) * parts + part) * inputs + i;
                    const auto column = Tail::template in_turn<Outputs>(reinterpret_cast<const N*>(bytes) +
                                                                        input * g.panel + part * Outputs);
                    __builtin_memcpy(to, &column, 4 * Wide::lanes);
                }
        }
    }

    alignas(64) std::byte lanes_[std::size_t{4 * Wide::lanes} * most_window_weights];
};

}  // namespace taxon::cpu::TAXON_ISA
