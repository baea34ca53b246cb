// Winograd's convolution F(4x4, 3x3): 36 multiplications for 16 outputs of a 3x3 window instead of 144, as 36 matrix
// products.
namespace taxon::cpu::TAXON_ISA {

/// Transforms 36 planes of `channels` products to 4x4 outputs and writes those inside the picture.
template <Epilogue E, class V>
TAXON_NOINLINE void assemble_tile(const float* in, std::ptrdiff_t plane, int channels, const float* bias,
                                  Number<E.out>* __restrict out, const View& out_view,
                                  const Number<E.operand>* residual, const View& residual_view, Inside inside,
                                  const Operands& o) {
    const std::ptrdiff_t row = out_view.row(), pixel = out_view.pitch, residual_row = residual_view.row(),
                         residual_pixel = residual_view.pitch;
    for (int c = 0; c < channels; c += V::lanes) {
        typename V::type m[6], y[4], w[4][6];
        const float* from = in + c;
        for (int i = 0; i < 6; ++i, from += plane) {
            TAXON_UNROLL for (int j = 0; j < 6; ++j) m[j] = V::load(from + 6 * j * plane);
            from_points<V>(m, y);
            TAXON_UNROLL for (int j = 0; j < 4; ++j) w[j][i] = y[j];
        }
        const auto shift = V::load(bias + c);
        for (int j = 0; j < inside.rows; ++j) {
            from_points<V>(w[j], y);
            auto* to = out + j * row + c;
            const auto* shortcut = residual + j * residual_row + c;
            TAXON_UNROLL for (int i = 0; i < 4; ++i) if (i < inside.columns)
                finish<E, V>(y[i] + shift, to + i * pixel, shortcut + i * residual_pixel, o, nullptr, 0);
        }
    }
}

/// The products of `tiles` of a block with a panel of `width` channels, transformed to outputs.
template <Epilogue E>
TAXON_NOINLINE void assemble_block(const Geometry& g, const taxon::detail::Winograd& cut, const Operands& o, int number,
                                   int tiles, int channel, int width, const float* products) {
    const int wide = width / Wide::lanes * Wide::lanes;
    for (int t = 0; t < tiles; ++t) {
        const int tile = number * cut.block + t, y = tile / cut.across * cut.tile, x = tile % cut.across * cut.tile;
        const Inside inside{std::min(cut.tile, g.out.shape.height - y), std::min(cut.tile, g.out.shape.width - x)};
        const float *from = products + t * cut.panel, *bias = o.bias + channel;
        const auto* residual = o.operand_as<E.operand>() + g.operand.pixel(y, x) + channel;
        auto* to = o.out_as<E.out>() + g.out.pixel(y, x) + channel;
        if (wide > 0)
            assemble_tile<E, Wide>(from, cut.product_plane, wide, bias, to, g.out, residual, g.operand, inside, o);
        if (wide < width)
            assemble_tile<E, Narrow>(from + wide, cut.product_plane, width - wide, bias + wide, to + wide, g.out,
                                     residual + wide, g.operand, inside, o);
    }
}

inline constexpr float no_bias[taxon::detail::Winograd::panel] = {};

/// The constants of a geometry: its transforms, and the tiles for a block and the last block, by a panel and the last
/// panel.
struct WinogradPlan {
    taxon::detail::Winograd cut;
    decltype(&transform_block<Element::float32>) transform;
    decltype(&assemble_block<Epilogue{}>) assemble;
    std::array<const Panel*, 2> panels[2];
};

/// All tiles of a block times a matrix, for the channels of a strip. Weights arrive from memory faster than they are
/// used, but only if many lines are in flight: each pass over one matrix prefetches a share of the next one, `next`
/// numbers away. That is worth a third of the time where a network's weights exceed L3.
TAXON_INLINE void multiply_strip(const Strip& strip, int tiles, const float* inputs, float* products, TileRun run,
                                 int line, std::ptrdiff_t next) {
    const int lines = (strip.width + line - 1) / line, runs = (tiles + strip.rows - 1) / strip.rows,
              share = (lines + runs - 1) / runs;
    run.reach.ahead = next, run.reach.ahead_step = run.reach.panel;
    for (int t = 0; t < tiles; t += strip.rows, run.reach.ahead += line * share) {
        if (run.reach.ahead >= next + line * lines) run.reach.ahead = 0;  // all prefetched
        const TileCall call = t + strip.rows <= tiles ? strip.full : strip.fewer;
        call(reinterpret_cast<const std::byte*>(inputs + t * run.in_pitch),
             reinterpret_cast<std::byte*>(products + t * run.out_pitch), reinterpret_cast<const std::byte*>(no_bias),
             run);
    }
}

/// Matrix `q` of a panel, times a block's tiles; `next`: see multiply_strip.
TAXON_INLINE void multiply_panel(const WinogradPlan& plan, const Geometry& g, const Operands& o, const Panel& panel,
                                 int channel, int q, int tiles, const float* inputs, float* products,
                                 std::ptrdiff_t next) {
    const int depth = g.in.shape.channels, weight_size = static_cast<int>(size_of(g.weights));
    const std::byte* weights =
        o.weights + weight_size * (std::ptrdiff_t{channel} * g.depth + std::ptrdiff_t{q} * depth * panel.width);
    for (int i = 0; i < panel.count; ++i) {
        const Strip& strip = panel.strips[i];
        multiply_strip(strip, tiles, inputs, products + strip.from,
                       {.in_pitch = plan.cut.pitch,
                        .out_pitch = plan.cut.panel,
                        .residual_pitch = 0,
                        .reach = {1, 1, depth, 0, 0, panel.width},
                        .weights = weights + weight_size * strip.from,
                        .bias = no_bias,
                        .steps = 0,
                        .operands = &o},
                       64 / weight_size, next);
    }
}

/// Several samples: each of the 36 matrices meets the tiles of all of them, whose products with all panels are kept.
TAXON_NOINLINE inline void convolve_together(const WinogradPlan& plan, const Geometry& g, const Operands& o) {
    const auto cut = plan.cut.of_samples(o.samples);
    const int panels = (round_up(g.out.shape.channels, 8) + g.panel - 1) / g.panel,
              product_size = cut.products * cut.product_plane;
    float *inputs = o.scratch, *products = inputs + cut.input_size();
    for (int number = 0; number < cut.blocks; ++number) {
        const bool last = number == cut.blocks - 1;
        const int tiles = last ? cut.rest() : cut.block;
        for (int sample = 0; sample < o.samples; ++sample)
            plan.transform(g, cut, o.of_sample(sample), number, tiles, inputs + sample * tiles * cut.pitch);
        const auto& of_block = plan.panels[last ? 1 : 0];
        for (int q = 0; q < cut.products; ++q)
            for (int p = 0; p < panels; ++p) {
                const Panel& panel = *of_block[p < panels - 1 ? 0 : 1];
                const int width = p + 2 < panels ? g.panel : of_block[1]->width;  // of the next one
                const std::ptrdiff_t to_next =
                    std::ptrdiff_t{g.panel} * g.depth + std::ptrdiff_t{q} * g.in.shape.channels * (width - panel.width);
                for (int sample = 0; sample < o.samples; ++sample)
                    multiply_panel(plan, g, o, panel, p * g.panel, q, tiles,
                                   inputs + q * cut.input_plane + sample * tiles * cut.pitch,
                                   products + p * product_size + q * cut.product_plane + sample * tiles * cut.panel,
                                   sample == 0 && p + 1 < panels ? to_next : 0);
            }
        for (int sample = 0; sample < o.samples; ++sample)
            for (int p = 0; p < panels; ++p)
                plan.assemble(g, cut, o.of_sample(sample), number, tiles, p * g.panel,
                              of_block[p < panels - 1 ? 0 : 1]->width,
                              products + p * product_size + sample * tiles * cut.panel);
    }
}

/// Parts share the panels of all blocks. Those that share a block each transform it for themselves: that is a hundredth
/// of the block's work, and saves a barrier.
TAXON_NOINLINE inline void convolve(const WinogradPlan& plan, const Geometry& g, const Operands& o) {
    if (o.samples > 1) return convolve_together(plan, g, o);
    const auto& cut = plan.cut;
    const int channels = round_up(g.out.shape.channels, 8), panels = (channels + g.panel - 1) / g.panel,
              parts = std::min(o.parts, cut.most_parts), units = cut.blocks * panels;
    if (o.part >= parts) return;
    float *inputs = o.scratch + o.part * cut.part_size(), *products = inputs + cut.input_size();
    int transformed = -1;
    for (int unit = units * o.part / parts; unit < units * (o.part + 1) / parts; ++unit) {
        const int number = unit / panels, p = unit % panels, channel = p * g.panel;
        const bool last = number == cut.blocks - 1;
        const int tiles = last ? cut.rest() : cut.block;
        if (number != transformed) plan.transform(g, cut, o, number, tiles, inputs);
        transformed = number;
        const Panel& panel = *plan.panels[last ? 1 : 0][p < panels - 1 ? 0 : 1];
        for (int q = 0; q < cut.products; ++q)
            multiply_panel(plan, g, o, panel, channel, q, tiles, inputs + q * cut.input_plane,
                           products + q * cut.product_plane, std::ptrdiff_t{g.in.shape.channels} * panel.width);
        plan.assemble(g, cut, o, number, tiles, channel, panel.width, products);
    }
}

/// The next strip of a panel that has `outputs` left, for that many tiles of a block.
template <class D>
constexpr StripShape winograd_strip(int outputs, int tiles) {
    const int vectors = outputs / Wide::lanes, wides = std::min(vectors, registers == 32 ? 4 : 2),
              narrows = wides == vectors && outputs % Wide::lanes ? 1 : 0, most = most_rows<D>(wides, narrows),
              runs = (tiles + most - 1) / most;
    return {wides, narrows, (tiles + runs - 1) / runs};
}

template <Geometry G>
struct WinogradConvolution {
    static constexpr taxon::detail::Winograd cut = taxon::detail::winograd(G.in.shape);
    static constexpr int channels = round_up(G.out.shape.channels, 8), last = (channels - 1) % G.panel + 1;

    template <int Tiles, int Width, int From = 0>
    static constexpr void add_strips(Panel& panel) {
        constexpr StripShape shape = winograd_strip<Dot<G.weights>>(Width - From, Tiles);
        constexpr int wides = shape.wides, narrows = shape.narrows, width = shape.width(), rows = shape.rows,
                      runs = (Tiles + rows - 1) / rows, rest = Tiles % rows;
        constexpr int line = 64 / static_cast<int>(size_of(G.weights)), lines = (width + line - 1) / line;
        constexpr auto form = [](int tiles) {
            return Tile{tiles, wides, narrows, G.weights, Epilogue{}, (lines + runs - 1) / runs};
        };
        Strip& strip = panel.strips[panel.count++];
        strip = {From, width, rows, rest, &tile<form(rows)>};
        if constexpr (rest > 0) strip.fewer = &tile<form(rest)>;
        if constexpr (From + width < Width) add_strips<Tiles, Width, From + width>(panel);
    }
    template <int Tiles, int Width>
    static constexpr Panel panel = [] {
        Panel p{.width = Width};
        add_strips<Tiles, Width>(p);
        return p;
    }();

    template <int Tiles>
    static constexpr std::array<const Panel*, 2> panels() {
        if constexpr (channels > last) return {&panel<Tiles, G.panel>, &panel<Tiles, last>};
        else return {nullptr, &panel<Tiles, last>};
    }

    static constexpr WinogradPlan plan = [] {
        WinogradPlan p{cut, &transform_block<G.in.element>, &assemble_block<Epilogue(G)>, {}};
        if constexpr (cut.blocks > 1) p.panels[0] = panels<cut.block>();
        p.panels[1] = panels<cut.rest()>();
        return p;
    }();

    static void run(const Geometry& g, const Operands& o) { convolve(plan, g, o); }
};

template <Geometry G>
inline constexpr KernelCall winograd_kernel = &WinogradConvolution<G>::run;

}  // namespace taxon::cpu::TAXON_ISA
