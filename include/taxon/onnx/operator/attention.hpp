#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/elementwise.hpp>
#include <taxon/onnx/operator/reduction.hpp>
#include <taxon/onnx/places.hpp>
#include <vector>

/// Attention of opset 23 on. Sums are computed in double.
namespace taxon::onnx::attention {

using elementwise::require_type;
using Int = std::int64_t;

/// (batch, heads, tokens, size), or (batch, tokens, heads * size) with the number of heads as an attribute.
struct Heads {
    Int batch, heads, tokens, size;
    bool flat;

    Heads(const Call& call, const Dimensions& shape, const char* attribute) : flat(shape.size() == 3) {
        call.require(shape.size() == 4 || flat, Fault::shape, io::to_string(shape), "three or four dimensions");
        heads = flat ? call.integer(attribute, 0) : shape[1];
        call.require(!flat || (heads > 0 && heads <= std::max(Int{1}, shape[2]) && shape[2] % heads == 0), Fault::shape,
                     io::to_string(shape), std::string("a multiple of ") + attribute);
        batch = shape[0], tokens = shape[flat ? 1 : 2], size = flat ? shape[2] / heads : shape[3];
    }
    std::size_t at(Int b, Int head, Int token, Int i) const {
        return static_cast<std::size_t>(
            (flat ? (b * tokens + token) * heads + head : (b * heads + head) * tokens + token) * size + i);
    }
};

/// Inputs: Q, K, V, mask, past K, past V, lengths of K.
struct Attention {
    Heads q, k, v;
    Int past;
    /// the farthest keys before and behind the query's own place that it sees; -1: any
    Int left, right;
    explicit Attention(const Call& call)
        : q(call, call.shape(0), "q_num_heads"), k(call, call.shape(1), "kv_num_heads"),
          v(call, call.shape(2), "kv_num_heads"),
          past(call.given(4) && call.shape(4).size() == 4 ? call.shape(4)[2] : 0),
          left(call.integer("left_window_size", -1)), right(call.integer("right_window_size", -1)) {
        constexpr Int most = Int{1} << 40;
        call.require(left >= -1 && left <= most && right >= -1 && right <= most, Fault::value,
                     "a window of " + std::to_string(left) + " and " + std::to_string(right), "-1 to 2^40");
        if (call.integer("is_causal", 0) != 0) right = 0;
    }
    bool sees(Int query, Int key, Int offset) const {
        return (right < 0 || key <= query + offset + right) && (left < 0 || key >= query + offset - left);
    }
    Int all() const { return past + k.tokens; }
    Dimensions scores() const { return {q.batch, q.heads, q.tokens, all()}; }
};

inline void check_lengths(const Call& call, const Tensor& lengths, Int most) {
    for (const Int length : lengths.numbers<Int>())
        call.require(length >= 0 && length <= most, Fault::value, "a length of " + std::to_string(length),
                     "0 to " + std::to_string(most));
}
inline void infer_attention(Call& call) {
    require_type(call, is_floating(call.type(0)));
    const Attention sizes(call);
    const Heads &q = sizes.q, &k = sizes.k, &v = sizes.v;
    const Int past = sizes.past;
    for (const std::size_t i : {1u, 2u, 4u, 5u})
        call.require(!call.given(i) || call.type(i) == call.type(0), Fault::unsupported, "inputs of different types",
                     "one type");
    call.require(q.batch == k.batch && k.batch == v.batch && k.heads == v.heads && k.heads > 0 &&
                     q.heads % k.heads == 0 && k.tokens == v.tokens && q.size == k.size,
                 Fault::shape,
                 io::to_string(call.shape(0)) + ", " + io::to_string(call.shape(1)) + " and " +
                     io::to_string(call.shape(2)),
                 "queries, keys and values that fit");
    call.require(call.given(4) == call.given(5) && !(call.given(4) && call.given(6)), Fault::unsupported,
                 "one of past keys and values, or both and lengths", "both or none");
    if (call.given(4))
        call.require(call.shape(4) == Dimensions{k.batch, k.heads, past, k.size} &&
                         call.shape(5) == Dimensions{k.batch, k.heads, past, v.size},
                     Fault::shape,
                     io::to_string(call.shape(4)) + " and " + io::to_string(call.shape(5)) + " of the past",
                     "those of K and V");
    if (call.given(6))
        call.require(call.shape(6) == Dimensions{q.batch} && !is_floating(call.type(6)), Fault::shape, "other lengths",
                     "one for each of the batch");
    if (const Tensor* lengths = call.ready(6)) check_lengths(call, *lengths, sizes.all());
    if (call.given(3)) {
        Dimensions mask = call.shape(3);
        call.require(call.type(3) == DataType::boolean || call.type(3) == call.type(0), Fault::type,
                     "a mask of type " + std::string(name_of(call.type(3))),
                     "bool or " + std::string(name_of(call.type(0))));
        if (!mask.empty() && mask.back() != 1 && mask.back() < sizes.all())
            mask.back() = sizes.all();  // filled with -inf
        call.require(!mask.empty() && broadcast(mask, sizes.scores()) == sizes.scores(), Fault::shape,
                     "a mask of " + io::to_string(call.shape(3)), io::to_string(sizes.scores()));
        call.require(call.shape(3).back() != 1 || sizes.all() == 1, Fault::unsupported, "a mask of one key",
                     "one for all");
    }
    const Int mode = call.integer("qk_matmul_output_mode", 0);
    call.require(!call.wants(3) || mode == 3 || (mode == 0 && call.number("softcap", 0) == 0), Fault::unsupported,
                 "qk_matmul_output_mode " + std::to_string(mode), "3, or 0 without softcap");
    call.require(call.integer("softmax_precision", 1) == 1 || call.integer("softmax_precision", 1) == 11,
                 Fault::unsupported, "another softmax_precision", "float32");
    call.flops = 2.0 * static_cast<double>(q.batch * q.heads * q.tokens) * static_cast<double>(sizes.all()) *
                 static_cast<double>(q.size + v.size);
    call.output(call.type(0), q.flat ? Dimensions{q.batch, q.tokens, q.heads * v.size}
                                     : Dimensions{q.batch, q.heads, q.tokens, v.size});
    call.output(call.type(0), {k.batch, k.heads, sizes.all(), k.size});
    call.output(call.type(0), {k.batch, k.heads, sizes.all(), v.size});
    call.output(call.type(0), sizes.scores());
}

/// What is added to scores: 0 or -inf where it is bool.
inline double masked(const Call& call, const Attention& sizes, Int b, Int head, Int i, Int j) {
    constexpr double nothing = -std::numeric_limits<double>::infinity();
    double sum = 0;
    if (call.given(3)) {
        const Tensor& mask = call.operands[3];
        if (j >= mask.shape().back()) return nothing;
        const Int place[] = {b, head, i, j};
        const Dimensions strides = strides_of(mask.shape());
        std::size_t at = 0;
        for (std::size_t d = 0; d < strides.size(); ++d)
            if (mask.shape()[d] != 1) at += static_cast<std::size_t>(place[4 - strides.size() + d] * strides[d]);
        sum = mask.type() == DataType::boolean ? (mask.real(at) != 0 ? 0 : nothing) : mask.real(at);
    }
    const Int length = call.given(6) ? call.operands[6].numbers<Int>()[static_cast<std::size_t>(b)] : sizes.all();
    const Int offset = call.given(6) ? length - sizes.q.tokens : sizes.past;
    return sizes.sees(i, j, offset) && j < length ? sum : nothing;
}

template <class T>
void compute(Call& call) {
    const Attention sizes(call);
    const Heads &q = sizes.q, &k = sizes.k, &v = sizes.v;
    if (call.given(6)) check_lengths(call, call.operands[6], sizes.all());
    const auto join = [&](std::size_t past, std::size_t now, const Heads& heads, Tensor& to) {
        T* next = to.writable<T>().data();
        for (Int b = 0; b < heads.batch; ++b)
            for (Int head = 0; head < heads.heads; ++head)
                for (Int j = 0; j < sizes.all(); ++j)
                    for (Int i = 0; i < heads.size; ++i)
                        *next++ = j < sizes.past
                                      ? call.operands[past].numbers<T>()[static_cast<std::size_t>(
                                            ((b * heads.heads + head) * sizes.past + j) * heads.size + i)]
                                      : call.operands[now].numbers<T>()[heads.at(b, head, j - sizes.past, i)];
    };
    join(4, 1, k, call.results[1]);
    join(5, 2, v, call.results[2]);
    const auto scale = static_cast<double>(
                   call.number("scale", static_cast<float>(1 / std::sqrt(static_cast<double>(q.size))))),
               cap = static_cast<double>(call.number("softcap", 0));
    const bool after = call.integer("qk_matmul_output_mode", 0) == 3;
    const T *keys = call.results[1].numbers<T>().data(), *values = call.results[2].numbers<T>().data();
    Heads output = q;
    output.size = v.size;
    std::vector<double> row(static_cast<std::size_t>(sizes.all()));
    T* scores = call.results[3].writable<T>().data();
    for (Int b = 0; b < q.batch; ++b)
        for (Int head = 0; head < q.heads; ++head)
            for (Int i = 0; i < q.tokens; ++i) {
                const Int first = (b * k.heads + head / (q.heads / k.heads)) * sizes.all();
                bool any = false;
                for (Int j = 0; j < sizes.all(); ++j) {
                    double sum = 0;
                    for (Int n = 0; n < q.size; ++n)
                        sum += static_cast<double>(call.operands[0].numbers<T>()[q.at(b, head, i, n)]) *
                               static_cast<double>(keys[(first + j) * k.size + n]);
                    sum *= scale;
                    if (!after) *scores++ = static_cast<T>(sum);
                    const double mask = masked(call, sizes, b, head, i, j);
                    any = any || mask > -std::numeric_limits<double>::infinity();
                    row[static_cast<std::size_t>(j)] =
                        std::isinf(mask) ? mask : (cap > 0 ? cap * std::tanh(sum / cap) : sum) + mask;
                }
                if (any) reduction::softmax(row.data(), row.size(), 1, false);
                else std::ranges::fill(row, 0);  // nothing to attend to
                if (after)
                    for (const double one : row) *scores++ = static_cast<T>(one);
                for (Int n = 0; n < v.size; ++n) {
                    double sum = 0;
                    for (Int j = 0; j < sizes.all(); ++j)
                        if (row[static_cast<std::size_t>(j)] != 0)
                            sum += row[static_cast<std::size_t>(j)] *
                                   static_cast<double>(values[(first + j) * v.size + n]);
                    call.results[0].writable<T>()[output.at(b, head, i, n)] = static_cast<T>(sum);
                }
            }
}
inline void compute_attention(Call& call) {
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        if constexpr (!std::is_same_v<T, Int>) compute<T>(call);
    });
}

inline void add_to(std::vector<Operator>& table) {
    table.push_back({"Attention", 3, 7,
                     "is_causal kv_num_heads left_window_size q_num_heads qk_matmul_output_mode right_window_size "
                     "scale softcap softmax_precision",
                     infer_attention, compute_attention});
}

}  // namespace taxon::onnx::attention
