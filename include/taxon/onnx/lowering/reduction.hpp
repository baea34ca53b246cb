#pragma once
#include <taxon/onnx/lowering/binary.hpp>
#include <taxon/onnx/lowering/pool.hpp>

/// Reductions over axes, composed of those that kernels have.
namespace taxon::onnx::lowering {

inline std::vector<bool> reduced_axes(const Operation& o, const View& x, std::size_t input) {
    Dimensions axes = o.call().has("axes") ? o.call().integers("axes")
                      : o.given(input)     ? o.require_constant(input, "axes").integers()
                                           : Dimensions{};
    std::vector<bool> reduced(x.rank(), axes.empty() && o.call().integer("noop_with_empty_axes", 0) == 0);
    for (const std::int64_t axis : axes) reduced[o.call().axis(axis, x.rank())] = true;
    return reduced;
}

/// Without the axes that are reduced, if the operator drops them.
inline View with_shape(const Operation& o, const View& view, const std::vector<bool>& reduced) {
    if (view.shape == o.shape()) return view;
    View kept = view;
    for (std::size_t i = reduced.size(); i-- > 0;)
        if (reduced[i]) kept = kept.without_axis(i);
    return kept;
}

inline void lower_reduction(const Operation& o, Reduction reduction) {
    const View x = o.operand(0);
    const std::vector<bool> reduced = reduced_axes(o, x, 1);
    if (std::ranges::none_of(reduced, [](bool one) { return one; })) return o.define(x);
    const bool pixels = x.rank() == 4 && reduced == std::vector<bool>{false, false, true, true} &&
                        whole_picture(o.to, x) != none && x.by[1] == 1;
    if (pixels && (reduction == Reduction::mean || reduction == Reduction::maximum)) {
        const View pooled = pooled_globally(o, x, reduction == Reduction::maximum, {x.shape[0], x.shape[1], 1, 1});
        return o.define(*pooled.reshaped(o.shape()));
    }
    o.define(with_shape(o, o.to.reduce(o.name(), reduction, x, reduced), reduced));
}

/// Of |x| or x², and the root or logarithm of the sum.
inline void lower_composed_reduction(const Operation& o, std::optional<MapFunction> before, bool squares,
                                     std::optional<MapFunction> after) {
    View x = o.operand(0);
    const std::vector<bool> reduced = reduced_axes(o, x, 1);
    if (squares) x = o.to.map(o.name() + ".square", MapFunction::multiply, x, x);
    if (before) x = o.to.map(o.name() + ".inner", *before, x);
    View sum = x;
    if (std::ranges::any_of(reduced, [](bool one) { return one; }))
        sum = with_shape(o, o.to.reduce(o.name(), Reduction::sum, x, reduced), reduced);
    o.define(after ? o.to.map(o.name() + ".outer", *after, sum) : sum);
}

/// log Σ e^x as m + log Σ e^(x − m), m being the maximum.
inline void lower_log_sum_exp(const Operation& o) {
    const View x = o.operand(0);
    const std::vector<bool> reduced = reduced_axes(o, x, 1);
    if (std::ranges::none_of(reduced, [](bool one) { return one; })) return o.define(x);
    const View most = o.to.reduce(o.name() + ".maximum", Reduction::maximum, x, reduced);
    const View inner = o.to.map(o.name() + ".exponential", MapFunction::exponential,
                                o.to.map(o.name() + ".subtract", MapFunction::subtract, x, most));
    const View sum = o.to.map(o.name() + ".logarithm", MapFunction::logarithm,
                              o.to.reduce(o.name(), Reduction::sum, inner, reduced));
    o.define(with_shape(o, o.to.map(o.name() + ".add", MapFunction::add, sum, most), reduced));
}

inline void lower_argument(const Operation& o, Reduction reduction) {
    const View x = o.operand(0);
    std::vector<bool> reduced(x.rank());
    reduced[o.call().axis(o.call().integer("axis", 0), x.rank())] = true;
    const bool last = o.call().integer("select_last_index", 0) != 0;
    o.define(with_shape(o, o.to.reduce(o.name(), reduction, x, reduced, last), reduced));
}

}  // namespace taxon::onnx::lowering
