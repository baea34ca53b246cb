// Attention of dense values, of the shapes of ViT-tiny, MiniLM and Swin's windows, beside the library's attention over
// tokens, which is compiled for its geometry.
#include <taxon/layer/attention.hpp>

#include "loops.hpp"

namespace {

using namespace taxon;
using benchmarks::Loops;

/// Queries, keys and values of a token lie side by side.
struct Attention {
    static constexpr std::array inputs{Port{"x", dense::numbers(24)}};
    static constexpr void trace(Tracer& tracer) {
        const auto x = tracer.input("x");
        dense::scaled_dot_product(tracer, "attention", {1, 2, 4, 2, 4},
                                  {{x, {0, 12, 0, 0, 1}}, {x, {0, 0, 0, 12, 1}, 4}, {x, {0, 0, 1, 12, 0}, 8}}, 1);
    }
};

template <int Features, int Heads, int Tokens>
struct OverTokens {
    static constexpr Shape input = Shape::tokens(3 * Features, Tokens);
    static constexpr void trace(Tracer& tracer) { SelfAttention<Features, Heads>::trace(tracer); }
};

enum class Bias { none, of_keys, of_pairs };

Loops attention(const std::string& name, int windows, int heads, int tokens, int size, Bias bias = Bias::none) {
    const int features = heads * size, pitch = 3 * features;
    LoopNest nest{.rank = 6, .inner = 2, .sizes = {windows, heads, tokens, size, tokens, size}, .first = .125};
    nest.operands[0] = {0, {tokens * pitch, size, pitch, 0, 0, 1}};
    nest.operands[1] = {features, {tokens * pitch, size, 0, 0, pitch, 1}};
    nest.operands[2] = {2 * features, {tokens * pitch, size, 0, 1, pitch, 0}};
    nest.out.by = {tokens * features, size, features, 1};
    LoopNest of_bias = nest;
    of_bias.operands[0] =
        bias == Bias::of_keys ? Strides{0, {0, 0, 0, 0, 1, 0}} : Strides{0, {0, tokens * tokens, tokens, 0, 1, 0}};
    const std::size_t numbers = detail::size(windows * tokens * pitch);
    std::vector<std::size_t> operands{numbers, numbers, numbers};
    if (bias != Bias::none) operands.push_back(detail::size(heads * tokens * tokens));
    nest.operand_count = static_cast<int>(operands.size());
    return {name,     {nest, of_bias},
            operands, detail::size(windows * tokens * features),
            0,        4. * windows * heads * tokens * tokens * size};
}

}  // namespace

int main(int argc, char** argv) {
    return benchmarks::run_program(argc, argv, [](cpu::Isa isa) {
        const auto network = benchmarks::Network::of<Attention>("dense");
        const auto add = [&](const Loops& loops) { benchmarks::add_loops(network, loops, isa); };
        add(attention("vit_tiny", 1, 3, 197, 64));
        add(attention("minilm", 1, 12, 128, 32));
        add(attention("minilm_masked", 1, 12, 128, 32, Bias::of_keys));
        add(attention("swin_window", 1, 3, 49, 32));
        add(attention("swin_windows_biased", 64, 3, 49, 32, Bias::of_pairs));
        add(attention("swin_window_biased", 1, 3, 49, 32, Bias::of_pairs));
        benchmarks::add_steps(benchmarks::Network::of<OverTokens<192, 3, 197>>("tokens/vit_tiny"), isa);
        benchmarks::add_steps(benchmarks::Network::of<OverTokens<384, 12, 128>>("tokens/minilm"), isa);
        benchmarks::add_steps(benchmarks::Network::of<OverTokens<96, 3, 49>>("tokens/swin_window"), isa);
    });
}
