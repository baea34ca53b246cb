// Attention with heads of any size.
namespace taxon::cpu::TAXON_ISA::any_size {

/// What AttentionSizes says of a geometry that the compiler knows.
struct AttentionSizes {
    static constexpr bool known = false;
    static constexpr Element in_element = Element::float32, out_element = Element::float32;
    const View &in, &out;
    int features, heads, size, columns;
    bool sequence, as_they_are;
    int pitch;

    explicit AttentionSizes(const Geometry& g)
        : in(g.in), out(g.out), features(g.out.shape.channels), heads(g.heads), size(features / heads),
          columns(round_up(size, 8)), sequence(g.out.shape.sequence), as_they_are(reads_keys_in_place(g)),
          pitch(as_they_are ? g.in.pitch : columns) {}

    struct Block {
        AttentionLanes *queries, *scores, *mixed;
        alignas(64) AttentionLanes largest, sums;
        float *keys, *values;
    };
};

inline void attention(const Geometry& g, const Operands& o) {
    const Attention<AttentionSizes> attention{AttentionSizes(g)};
    const int rows = 2 * attention.columns + attention_chunk,
              converted = attention.as_they_are ? 0 : attention_chunk * attention.columns;
    float* const memory = thread_floats(static_cast<std::size_t>(rows * attention_width + 2 * converted));
    auto* const lanes = reinterpret_cast<AttentionLanes*>(memory);
    Attention<AttentionSizes>::Block block{.queries = lanes,
                                           .scores = lanes + attention.columns,
                                           .mixed = lanes + attention.columns + attention_chunk,
                                           .largest = {},
                                           .sums = {},
                                           .keys = memory + rows * attention_width,
                                           .values = memory + rows * attention_width + converted};
    attention.attend_all(block, o);
}

}  // namespace taxon::cpu::TAXON_ISA::any_size
