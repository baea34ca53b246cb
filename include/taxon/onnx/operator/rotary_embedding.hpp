#pragma once
#include <algorithm>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/attention.hpp>
#include <vector>

/// RotaryEmbedding of opset 23 on.
namespace taxon::onnx::attention {

/// Turns pairs of numbers by angles whose cosines and sines are given: of each token, or of each position.
inline Int turned_size(const Call& call, const Heads& x) {
    const Int part = call.integer("rotary_embedding_dim", 0);
    return part == 0 ? x.size : part;
}
inline Int checked_position(Int position, Int count) {
    if (position < 0 || position >= count)
        throw Error(Fault::bounds,
                    {.found = "position " + std::to_string(position), .wanted = "one of " + std::to_string(count)});
    return position;
}
inline void infer_rotary(Call& call) {
    require_type(call, is_floating(call.type(0)));
    for (const std::size_t i : {1u, 2u})
        call.require(call.type(i) == call.type(0), Fault::type, "angles of another type", "one type");
    const Heads x(call, call.shape(0), "num_heads");
    const Int size = turned_size(call, x);
    const Dimensions &cosines = call.shape(1), wanted = call.given(3)
                                                            ? Dimensions{cosines.empty() ? 0 : cosines[0], size / 2}
                                                            : Dimensions{x.batch, x.tokens, size / 2};
    call.require(size > 0 && size % 2 == 0 && size <= x.size && cosines == wanted && call.shape(2) == wanted,
                 Fault::shape, io::to_string(cosines) + " of cosines", io::to_string(wanted));
    call.require(!call.given(3) || (call.shape(3) == Dimensions{x.batch, x.tokens} && !is_floating(call.type(3))),
                 Fault::shape, "other positions", "one for each token");
    if (const Tensor* positions = call.ready(3))
        for (const Int position : positions->numbers<Int>()) checked_position(position, cosines[0]);
    call.output(call.type(0), call.shape(0));
}
inline void compute_rotary(Call& call) {
    const Heads x(call, call.operands[0].shape(), "num_heads");
    const Int size = turned_size(call, x), half = size / 2;
    const bool interleaved = call.integer("interleaved", 0) != 0;
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const auto from = call.operands[0].numbers<T>();
        const auto to = call.results[0].writable<T>();
        std::ranges::copy(from, to.begin());
        for (Int b = 0; b < x.batch; ++b)
            for (Int token = 0; token < x.tokens; ++token) {
                Int row = b * x.tokens + token;
                if (call.given(3))
                    row = checked_position(call.operands[3].numbers<Int>()[static_cast<std::size_t>(row)],
                                           call.operands[1].shape()[0]);
                for (Int head = 0; head < x.heads; ++head)
                    for (Int i = 0; i < half; ++i) {
                        const std::size_t first = x.at(b, head, token, interleaved ? 2 * i : i),
                                          second = x.at(b, head, token, interleaved ? 2 * i + 1 : half + i),
                                          angle = static_cast<std::size_t>(row * half + i);
                        const T cosine = call.operands[1].numbers<T>()[angle],
                                sine = call.operands[2].numbers<T>()[angle];
                        to[first] = cosine * from[first] - sine * from[second];
                        to[second] = sine * from[first] + cosine * from[second];
                    }
            }
    });
}

inline void add_rotary_embedding_to(std::vector<Operator>& table) {
    table.push_back(
        {"RotaryEmbedding", 3, 4, "interleaved num_heads rotary_embedding_dim", infer_rotary, compute_rotary});
}

}  // namespace taxon::onnx::attention
