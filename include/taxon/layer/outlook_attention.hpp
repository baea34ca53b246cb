#pragma once
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>

namespace taxon {

/// Outlook attention (Yuan et al. 2021, "VOLO", section 3.1) with windows of 3x3 pixels, two apart: (Features, H, W) to
/// the same. Every window's mean of four pixels gives, through a linear layer and for each head, 9 · 9 weights, after a
/// softmax over the latter nine of the logits divided by √d, d = Features / Heads: the window's pixel p receives the
/// sum of its nine values times the nine weights of p, and a pixel sums what it receives from all windows it lies in.
template <int Features, int Heads>
struct OutlookAttention {
    static_assert(Features % Heads == 0, "taxon::OutlookAttention: the heads must divide the features");

    static constexpr void trace(Tracer& tracer) {
        const auto x = tracer.current;
        tracer.expect(!x.shape.sequence && !x.shape.table && x.shape.channels == Features, "(OutlookAttention<",
                      Features, ", ", Heads, ">) wants a picture of ", Features, " channels");
        tracer.scope("v", Linear<Features, Features, false>::trace);
        const auto values = tracer.current;
        tracer.current = x;
        tracer.scope("pool", AvgPool2d<2, 2, 0, true>::trace);
        tracer.scope("attn", Linear<Features, Heads * 9 * 9>::trace);
        tracer.node({.op = Op::outlook_attention, .heads = Heads}, x.shape, {values, tracer.current});
        tracer.scope("proj", Linear<Features, Features>::trace);
    }
};

}  // namespace taxon
