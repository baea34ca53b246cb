#pragma once
#include <algorithm>
#include <numeric>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/movement.hpp>
#include <taxon/onnx/places.hpp>

/// Operators that go along an axis in order: CumSum, CumProd, TopK, Compress.
namespace taxon::onnx::movement {

inline void infer_cum_sum(Call& call) {
    require_type(call, call.type(0) != DataType::boolean);
    call.require(call.constants(1).size() == 1, Fault::shape, "several axes", "one");
    call.axis(call.constants(1)[0], call.shape(0).size());
    call.output(call.type(0), call.shape(0));
}
inline void compute_cum_sum(Call& call) {
    const Dimensions& shape = call.operands[0].shape();
    const std::size_t axis = call.axis(call.constants(1)[0], shape.size());
    const Int after = product(shape, axis + 1, shape.size()), size = shape[axis], outer = product(shape, 0, axis);
    const bool multiplied = call.node->operation == "CumProd", exclusive = call.integer("exclusive", 0) != 0,
               reverse = call.integer("reverse", 0) != 0;
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const T* x = call.operands[0].numbers<T>().data();
        T* y = call.results[0].writable<T>().data();
        for (Int line = 0; line < outer * after; ++line) {
            T sum = multiplied ? 1 : 0;
            for (Int i = 0; i < size; ++i) {
                const Int at = (line / after * size + (reverse ? size - 1 - i : i)) * after + line % after;
                const T next = multiplied ? elementwise::product_of(sum, x[at]) : elementwise::sum_of(sum, x[at]);
                if (!exclusive) sum = next;
                y[at] = sum;
                sum = next;
            }
        }
    });
}

inline void infer_top_k(Call& call) {
    require_type(call, call.type(0) != DataType::boolean);
    Dimensions shape = call.shape(0);
    const std::size_t axis = call.axis(call.integer("axis", -1), shape.size());
    const Dimensions ks = call.opset < 10 ? Dimensions{call.integer("k", 0)} : call.constants(1);
    call.require(ks.size() == 1, Fault::shape, "k " + text_of(ks), "one number");
    const Int k = ks[0];
    call.require(k >= 0 && k <= shape[axis], Fault::value, "k " + std::to_string(k),
                 "at most " + std::to_string(shape[axis]));
    shape[axis] = k;
    call.output(call.type(0), shape);
    call.output(DataType::int64, shape);
}
inline void compute_top_k(Call& call) {
    const Tensor& x = call.operands[0];
    const std::size_t axis = call.axis(call.integer("axis", -1), x.rank());
    const Int after = product(x.shape(), axis + 1, x.rank()), size = x.shape()[axis], k = call.results[0].shape()[axis];
    const bool largest = call.integer("largest", 1) != 0;
    visit_type(x.type(), [&]<class T>(T) {
        const T* numbers = x.numbers<T>().data();
        Dimensions order(static_cast<std::size_t>(size));
        for (Int line = 0; line < product(x.shape(), 0, axis) * after; ++line) {
            const auto place = [&](Int i, Int count) {
                return static_cast<std::size_t>((line / after * count + i) * after + line % after);
            };
            std::iota(order.begin(), order.end(), Int{0});
            std::ranges::stable_sort(order, [&](Int a, Int b) {
                const T left = numbers[place(a, size)], right = numbers[place(b, size)];
                return largest ? left > right : left < right;
            });
            for (Int i = 0; i < k; ++i) {
                call.results[0].writable<T>()[place(i, k)] = numbers[place(order[static_cast<std::size_t>(i)], size)];
                call.results[1].writable<Int>()[place(i, k)] = order[static_cast<std::size_t>(i)];
            }
        }
    });
}

inline void infer_compress(Call& call) {
    require_type(call, true);
    const Tensor& chosen = call.constant(1);
    call.read(chosen.size());
    Dimensions shape =
        call.has("axis") ? call.shape(0) : Dimensions{static_cast<Int>(io::element_count(call.shape(0)))};
    Int& size = shape[call.axis(call.integer("axis", 0), shape.size())];
    call.require(static_cast<Int>(chosen.size()) <= size, Fault::shape, std::to_string(chosen.size()) + " choices",
                 "at most " + std::to_string(size));
    size = 0;
    for (std::size_t i = 0; i < chosen.size(); ++i) size += chosen.real(i) != 0;
    call.output(call.type(0), shape);
}
inline void compute_compress(Call& call) {
    const Tensor x =
        call.has("axis") ? call.operands[0] : call.operands[0].reshaped({static_cast<Int>(call.operands[0].size())});
    const std::size_t axis = call.axis(call.integer("axis", 0), x.rank());
    const Tensor& chosen = call.constant(1);
    for (std::size_t i = 0, n = 0; i < chosen.size(); ++i)
        if (chosen.real(i) != 0) copy_part(call.results[0], static_cast<Int>(n++), x, static_cast<Int>(i), 1, axis);
}

}  // namespace taxon::onnx::movement
