#pragma once
#include <taxon/onnx/lowering/operation.hpp>
#include <taxon/onnx/operator/matrix.hpp>

/// Einsum: strides along named axes.
namespace taxon::onnx::lowering {

/// An operand along all letters; a letter twice is a diagonal, one that it lacks repeats it.
inline View along_letters(const View& x, const std::string& axes, const matrix::Einsum& sum) {
    View view{x.value, sum.sizes, Dimensions(sum.sizes.size()), x.first};
    for (std::size_t i = 0; i < axes.size(); ++i) view.by[sum.letters.find(axes[i])] += x.by[i];
    return view;
}

inline void lower_einsum(const Operation& o) {
    const matrix::Einsum sum(o.call());
    const std::size_t inner = sum.letters.size() - sum.output.size();
    const View a = along_letters(o.to.in_dense(o.operand(0)), sum.operands[0], sum);
    if (sum.operands.size() == 1) {
        if (inner == 0) return o.define(a);
        LoopNest nest = nest_of(a.shape, inner, {a});
        nest.reduction = Reduction::sum;
        const View result = View::in_order(0, o.shape());
        return o.define(
            View::in_order(o.to.add_dense(o.name(), Op::reduce, nest, result.size(), {a.value}, o.shape()), o.shape()));
    }
    const View b = along_letters(o.to.in_dense(o.operand(1)), sum.operands[1], sum);
    if (inner == 0) return o.define(o.to.map(o.name(), MapFunction::multiply, o.shape(), {a, b}));
    LoopNest nest = nest_of(a.shape, inner, {a, b});
    nest.first = 1;
    const View result = View::in_order(0, o.shape());
    o.define(View::in_order(
        o.to.add_dense(o.name(), Op::matrix_product, nest, result.size(), {a.value, b.value}, o.shape()), o.shape()));
}

}  // namespace taxon::onnx::lowering
