#pragma once
#include <taxon/plan/operation/operation.hpp>

namespace taxon::detail {

/// The sum of the tables' rows, with the normalisation that follows.
template <>
struct Operation<Op::embedding> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const Node& node = fuser.graph().node(value);
        Geometry& geometry = step.geometry;
        geometry.kernel = Kernel::embedding;
        geometry.weights = fuser.data_types().others;
        geometry.words = node.words, geometry.positions = node.positions, geometry.types = node.types;
        if (fuser.fuse(value, fuser.follower(value, Op::layer_norm)))
            step.norm = value, geometry.inverse_epsilon = fuser.graph().node(value).inverse_epsilon;
        return true;
    }
};

template <>
struct Operation<Op::mean_tokens> {
    static constexpr bool plan(auto&, Step& step, int&) {
        step.geometry.kernel = Kernel::mean_tokens;
        return true;
    }
};

inline constexpr KernelTraits mean_tokens_traits{Kernel::mean_tokens, "mean_tokens"};
inline constexpr KernelTraits embedding_traits{Kernel::embedding, "embedding", [](PlanView, const Step& step) {
                                                   const Geometry& g = step.geometry;
                                                   const int channels = g.out.shape.channels;
                                                   return PackedSize{
                                                       .depth = g.words + g.positions + g.types,
                                                       .columns = round_up(channels, 8),
                                                       .floats = step.norm != none ? 2 * round_up(channels, 32) : 0};
                                               }};

}  // namespace taxon::detail
