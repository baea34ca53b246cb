#pragma once
#include <taxon/onnx/lowering/normalization.hpp>
#include <taxon/onnx/lowering/product.hpp>
#include <taxon/onnx/operator/attention.hpp>
#include <taxon/onnx/operator/rotary_embedding.hpp>

/// Attention and RotaryEmbedding of opset 23.
namespace taxon::onnx::lowering {

/// (batch, heads, tokens, size) of an operand that may have its heads beside each other.
inline View by_heads(const Operation& o, const View& x, const onnx::attention::Heads& heads) {
    if (!heads.flat) return x;
    return o.reshaped(x, {heads.batch, heads.tokens, heads.heads, heads.size}).transposed({0, 2, 1, 3});
}
/// The reverse, in the form that the operator's inputs have.
inline View as_given(const Operation& o, const View& x, bool flat) {
    return flat ? o.reshaped(x.transposed({0, 2, 1, 3}), o.shape()) : x;
}

/// Numbers of the past before those of now, along the tokens.
inline View with_past(const Operation& o, const std::string& name, std::size_t past, const View& now) {
    if (!o.given(past) || o.operand(past).shape[2] == 0) return now;
    const View before = o.operand(past);
    Dimensions shape = now.shape;
    shape[2] += before.shape[2];
    const View whole = View::in_order(0, shape);
    return View::in_order(assembled(o, name, shape,
                                    {{before, whole.sliced(2, 0, 1, before.shape[2])},
                                     {now, whole.sliced(2, before.shape[2], 1, now.shape[2])}}),
                          shape);
}

/// Which keys a query sees, as 1 and 0 that broadcast to (batch, heads, queries, keys); nothing if it is all.
inline std::optional<View> seen_keys(const Operation& o, const onnx::attention::Attention& sizes) {
    const std::int64_t keys = sizes.all(), queries = sizes.q.tokens;
    std::optional<View> seen;
    const auto also = [&](const View& more) {
        seen = seen ? o.map(".seen", MapFunction::logical_and, *seen, more) : more;
    };
    if (o.given(3)) {
        View mask = o.operand(3);
        if (o.type(3) != DataType::boolean)
            mask = o.map(".finite", MapFunction::less,
                         o.to.constant_view(-std::numeric_limits<double>::infinity(), o.name() + ".infinity"), mask);
        if (mask.shape.back() != 1 && mask.shape.back() < keys) {
            Dimensions wide = mask.shape;
            wide.back() = keys;
            mask = framed(o, o.name() + ".mask", mask, Dimensions(mask.rank()), wide, 0);
        }
        also(mask);
    }
    if (o.given(6)) {
        const View lengths = *o.operand(6).reshaped({sizes.q.batch, 1, 1, 1});
        const auto constant = [&](const char* what, const Dimensions& shape, auto number) {
            return o.to.numbered_view(shape, DataType::int64, o.name() + what,
                                      [=](std::int64_t i) { return number(i / keys, i % keys); });
        };
        also(o.map(".inside", MapFunction::less,
                   constant(".keys", {keys}, [](std::int64_t, std::int64_t key) { return key; }), lengths));
        // queries are the last of the keys that count
        const auto shifted = [&](const char* what, std::int64_t by) {
            return constant(what, {queries, keys},
                            [=](std::int64_t query, std::int64_t key) { return key - query + queries + by; });
        };
        if (sizes.right >= 0)
            also(o.map(".before", MapFunction::less_or_equal, shifted(".right", -sizes.right), lengths));
        if (sizes.left >= 0) also(o.map(".behind", MapFunction::less_or_equal, lengths, shifted(".left", sizes.left)));
    } else if (sizes.left >= 0 || sizes.right >= 0) {
        also(o.to.numbered_view({queries, keys}, DataType::boolean, o.name() + ".window",
                                [=](std::int64_t i) { return sizes.sees(i / keys, i % keys, sizes.past); }));
    }
    return seen;
}

/// softmax(factor · q · k + mask) · v, step by step; 0 for a query that sees no key.
inline void lower_attention(const Operation& o) {
    const onnx::attention::Attention sizes(o.call());
    const onnx::attention::Heads &q = sizes.q, &k = sizes.k, &v = sizes.v;
    const std::int64_t groups = q.heads / k.heads, keys = sizes.all();
    const View of_k = with_past(o, o.name() + ".keys", 4, by_heads(o, o.operand(1), k)),
               of_v = with_past(o, o.name() + ".values", 5, by_heads(o, o.operand(2), v));
    if (o.wants(1)) o.define(of_k, 1);
    if (o.wants(2)) o.define(of_v, 2);
    const double factor = o.call().number("scale", static_cast<float>(1 / std::sqrt(static_cast<double>(q.size)))),
                 cap = o.call().number("softcap", 0);
    const Dimensions all{q.batch, k.heads, groups, q.tokens, keys}, flat = sizes.scores();
    const auto grouped = [](const View& view) {  // (batch, heads of k, 1, tokens, size)
        View wide = view;
        wide.shape.insert(wide.shape.begin() + 2, 1), wide.by.insert(wide.by.begin() + 2, 0);
        return wide;
    };
    const View of_q = o.reshaped(by_heads(o, o.operand(0), q), {q.batch, k.heads, groups, q.tokens, q.size});
    View scores =
        o.reshaped(product(o, o.name() + ".scores", of_q, grouped(of_k).transposed({0, 1, 2, 4, 3}), factor), flat);
    const bool after = o.call().integer("qk_matmul_output_mode", 0) == 3;
    if (o.wants(3) && !after) o.define(scores, 3);
    if (cap > 0) {
        scores = o.to.activate(o.name() + ".cap", scores, {Activation::times, 1 / cap});
        scores = o.to.activate(o.name() + ".tanh", scores, Activation::tanh);
        scores = o.to.activate(o.name() + ".uncap", scores, {Activation::times, cap});
    }
    const auto seen = seen_keys(o, sizes);
    constexpr double least = -1e30;  // whose exponential is 0, and whose difference from itself is 0
    if (o.given(3) && o.type(3) != DataType::boolean) {
        View mask = o.operand(3);
        if (mask.shape.back() != 1 && mask.shape.back() < keys) {
            Dimensions wide = mask.shape;
            wide.back() = keys;
            mask = framed(o, o.name() + ".bias", mask, Dimensions(mask.rank()), wide, 0);
        }
        scores = o.map(".add", MapFunction::add, scores, mask);
    }
    if (seen)
        scores = o.to.map(o.name() + ".mask", MapFunction::where, flat,
                          {*seen, scores, o.to.constant_view(least, o.name() + ".least")});
    View shares = row_function(o, o.name() + ".softmax", RowFunction::softmax, scores, 3);
    if (seen) shares = o.to.map(o.name() + ".shares", MapFunction::multiply, flat, {shares, *seen});
    if (o.wants(3) && after) o.define(shares, 3);
    const View result = product(o, o.name(), o.reshaped(shares, all), grouped(of_v), 1);
    o.define(as_given(o, o.reshaped(result, {q.batch, q.heads, q.tokens, v.size}), q.flat));
}

/// Pairs of numbers turned by angles.
inline void lower_rotary_embedding(const Operation& o) {
    const onnx::attention::Heads heads(o.call(), o.shape(), "num_heads");
    const std::int64_t size = onnx::attention::turned_size(o.call(), heads), half = size / 2;
    const View x = by_heads(o, o.operand(0), heads);
    const bool interleaved = o.call().integer("interleaved", 0) != 0;
    const View first = interleaved ? x.sliced(3, 0, 2, half) : x.sliced(3, 0, 1, half),
               second = interleaved ? x.sliced(3, 1, 2, half) : x.sliced(3, half, 1, half);
    const auto angles = [&](std::size_t input, const char* what) {  // (batch, 1, tokens, half)
        View view = o.operand(input);
        if (o.given(3)) {
            const View from = o.to.in_dense(view), at = o.to.in_dense(o.operand(3));
            const Dimensions shape{heads.batch, heads.tokens, half};
            LoopNest nest = nest_of(shape, 0,
                                    {View{from.value, shape, {0, 0, from.by[1]}, from.first},
                                     View{at.value, shape, {at.by[0], at.by[1], 0}, at.first}});
            nest.limit = indexed_size(from.shape[0]), nest.step = int_of(from.by[0]);
            const int value = o.to.add_dense(o.name() + what, Op::gather, nest, View::in_order(0, shape).size(),
                                             {from.value, at.value}, shape);
            view = View::in_order(value, shape);
        }
        view.shape.insert(view.shape.begin() + 1, 1), view.by.insert(view.by.begin() + 1, 0);
        return view;
    };
    const View cosine = angles(1, ".cosines"), sine = angles(2, ".sines");
    const auto turned = [&](const std::string& what, const View& a, const View& b, MapFunction function) {
        return o.to.map(o.name() + what, function,
                        o.to.map(o.name() + what + ".cosine", MapFunction::multiply, cosine, a),
                        o.to.map(o.name() + what + ".sine", MapFunction::multiply, sine, b));
    };
    const View whole = View::in_order(0, o.shape());
    const View to = heads.flat
                        ? whole.reshaped({heads.batch, heads.tokens, heads.heads, heads.size})->transposed({0, 2, 1, 3})
                        : whole;
    std::vector<std::pair<View, View>> pieces{{turned(".first", first, second, MapFunction::subtract),
                                               interleaved ? to.sliced(3, 0, 2, half) : to.sliced(3, 0, 1, half)},
                                              {turned(".second", second, first, MapFunction::add),
                                               interleaved ? to.sliced(3, 1, 2, half) : to.sliced(3, half, 1, half)}};
    if (size < heads.size)
        pieces.emplace_back(x.sliced(3, size, 1, heads.size - size), to.sliced(3, size, 1, heads.size - size));
    o.define(View::in_order(assembled(o, o.name(), o.shape(), pieces), o.shape()));
}

}  // namespace taxon::onnx::lowering
