#pragma once
#include <algorithm>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/elementwise.hpp>
#include <taxon/onnx/operator/multiply.hpp>
#include <taxon/onnx/places.hpp>
#include <vector>

/// Products of matrices.
namespace taxon::onnx::matrix {

using elementwise::require_type;
using Int = std::int64_t;

/// Shapes of numpy.matmul: the last two dimensions multiplied, the others broadcast; a vector is a row or a column.
struct Product {
    Dimensions left, right, batch, output;

    Product(const Call& call, Dimensions a, Dimensions b) : left(std::move(a)), right(std::move(b)) {
        call.require(!left.empty() && !right.empty(), Fault::shape, "a single number", "matrices");
        const bool row = left.size() == 1, column = right.size() == 1;
        if (row) left.insert(left.begin(), 1);
        if (column) right.push_back(1);
        const auto outer =
            broadcast(Dimensions(left.begin(), left.end() - 2), Dimensions(right.begin(), right.end() - 2));
        call.require(outer && left.back() == right[right.size() - 2], Fault::shape,
                     io::to_string(left) + " times " + io::to_string(right), "matrices that fit");
        output = batch = *outer;
        if (!row) output.push_back(rows());
        if (!column) output.push_back(columns());
    }
    Int rows() const { return left[left.size() - 2]; }
    Int columns() const { return right.back(); }
    Int inner() const { return left.back(); }
    double flops() const {
        return 2.0 * static_cast<double>(io::element_count(batch)) * static_cast<double>(rows() * columns()) *
               static_cast<double>(inner());
    }
};

/// y += a b
template <class T>
void multiply_all(const Product& sizes, const T* a, const T* b, T* y) {
    const auto strides = [&](const Dimensions& shape) {
        Dimensions outer(shape.begin(), shape.end() - 2), result = broadcast_strides(outer, sizes.batch);
        for (Int& stride : result) stride *= shape[shape.size() - 2] * shape.back();
        return result;
    };
    const auto rows = static_cast<std::size_t>(sizes.rows()), columns = static_cast<std::size_t>(sizes.columns()),
               inner = static_cast<std::size_t>(sizes.inner());
    for_each_place<2>(sizes.batch, {strides(sizes.left), strides(sizes.right)}, [&](const auto& at) {
        multiply(rows, columns, inner, a + at[0], inner, b + at[1], columns, y, columns);
        y += rows * columns;
    });
}

inline void infer_mat_mul(Call& call) {
    require_type(call, call.type(0) != DataType::boolean);
    elementwise::require_same_types(call);
    const Product sizes(call, call.shape(0), call.shape(1));
    call.flops = sizes.flops();
    call.output(call.type(0), sizes.output);
}
inline void compute_mat_mul(Call& call) {
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        multiply_all(Product(call, call.operands[0].shape(), call.operands[1].shape()),
                     call.operands[0].numbers<T>().data(), call.operands[1].numbers<T>().data(),
                     call.results[0].writable<T>().data());
    });
}

/// alpha a b + beta c, with a and b transposed on demand.
inline void infer_gemm(Call& call) {
    require_type(call, is_floating(call.type(0)));
    elementwise::require_same_types(call);
    const Dimensions &a = call.shape(0), &b = call.shape(1);
    call.require(a.size() == 2 && b.size() == 2, Fault::shape, io::to_string(a) + " and " + io::to_string(b),
                 "two matrices");
    const std::size_t ta = call.integer("transA", 0) != 0, tb = call.integer("transB", 0) != 0;
    const Dimensions output{a[ta], b[1 - tb]};
    call.require(a[1 - ta] == b[tb], Fault::shape, io::to_string(a) + " and " + io::to_string(b), "matrices that fit");
    call.require(!call.given(2) || broadcast(call.shape(2), output) == output, Fault::shape,
                 "C " + io::to_string(call.given(2) ? call.shape(2) : Dimensions()),
                 "one that broadcasts to " + io::to_string(output));
    call.flops = 2.0 * static_cast<double>(output[0]) * static_cast<double>(output[1]) * static_cast<double>(b[tb]);
    call.output(call.type(0), output);
}
inline void compute_gemm(Call& call) {
    const auto plain = [&](std::size_t i, const char* name) {
        const Tensor& x = call.operands[i];
        if (call.integer(name, 0) == 0) return x;
        Tensor turned(x.type(), {x.shape()[1], x.shape()[0]});
        transpose(turned, x, {1, 0});
        return turned;
    };
    const Tensor a = plain(0, "transA"), b = plain(1, "transB");
    Tensor& y = call.results[0];
    visit_type(a.type(), [&]<class T>(T) {
        const auto numbers = y.writable<T>();
        multiply_all(Product(call, a.shape(), b.shape()), a.numbers<T>().data(), b.numbers<T>().data(), numbers.data());
        const T alpha = static_cast<T>(call.number("alpha", 1)), beta = static_cast<T>(call.number("beta", 1));
        for (T& number : numbers) number *= alpha;
        if (!call.given(2)) return;
        const T* c = call.operands[2].numbers<T>().data();
        T* next = numbers.data();
        for_each_place<1>(y.shape(), {broadcast_strides(call.operands[2].shape(), y.shape())},
                          [&](const auto& at) { *next++ += beta * c[at[0]]; });
    });
}

/// A sum of products over named axes, without "...".
struct Einsum {
    std::string letters;                ///< all, those of the output first
    std::vector<std::string> operands;  ///< their axes
    std::string output;
    Dimensions sizes;  ///< of each letter

    Einsum(const Call& call) {
        std::string equation = call.text("equation", "");
        std::erase(equation, ' ');
        const auto arrow = equation.find("->");
        const std::string left = equation.substr(0, arrow);
        for (std::size_t first = 0; first <= left.size();) {
            const std::size_t end = std::min(left.find(',', first), left.size());
            operands.push_back(left.substr(first, end - first));
            first = end + 1;
        }
        if (arrow != equation.npos) output = equation.substr(arrow + 2);
        else
            for (char c = 'A'; c <= 'z'; ++c)
                if (std::ranges::count(left, c) == 1) output += c;
        const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
        const std::string shown = "equation '" + equation + "'";
        call.require(std::ranges::all_of(output, letter) && operands.size() == call.inputs.size(), Fault::unsupported,
                     shown, "letters for each input");
        letters = output;
        for (const std::string& operand : operands)
            for (const char c : operand) {
                call.require(letter(c), Fault::unsupported, shown, "letters");
                if (letters.find(c) == letters.npos) letters += c;
            }
        sizes.assign(letters.size(), -1);
        for (std::size_t i = 0; i < operands.size(); ++i) {
            const Dimensions& shape = call.shape(i);
            call.require(shape.size() == operands[i].size(), Fault::shape, io::to_string(shape),
                         "axes '" + operands[i] + "'");
            for (std::size_t d = 0; d < shape.size(); ++d) {
                Int& size = sizes[letters.find(operands[i][d])];
                call.require(size == -1 || size == shape[d], Fault::shape, io::to_string(shape),
                             "equal sizes of '" + operands[i].substr(d, 1) + "'");
                size = shape[d];
            }
        }
        for (std::size_t i = 0; i < output.size(); ++i)
            call.require(sizes[i] >= 0 && std::ranges::count(output, output[i]) == 1, Fault::value, shown,
                         "an output of the inputs' letters");
    }
    Dimensions shape() const { return {sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(output.size())}; }
    /// Of an operand, in the order of all letters; a letter twice is a diagonal.
    Dimensions strides(const std::string& axes, const Dimensions& own) const {
        Dimensions result(letters.size(), 0);
        const Dimensions dense = strides_of(own);
        for (std::size_t i = 0; i < axes.size(); ++i) result[letters.find(axes[i])] += dense[i];
        return result;
    }
};
inline void infer_einsum(Call& call) {
    require_type(call, is_floating(call.type(0)));
    elementwise::require_same_types(call);
    call.require(call.inputs.size() <= 2, Fault::unsupported, "more than two operands", "one or two");
    const Einsum sum(call);
    call.flops = 2;
    for (const Int size : sum.sizes) call.flops *= static_cast<double>(size);
    call.output(call.type(0), sum.shape());
}
inline void compute_einsum(Call& call) {
    const Einsum sum(call);
    const bool two = call.operands.size() == 2;
    const Dimensions a = sum.strides(sum.operands[0], call.operands[0].shape()),
                     b = two ? sum.strides(sum.operands[1], call.operands[1].shape()) : Dimensions(a.size(), 0),
                     y = sum.strides(sum.output, sum.shape());
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const T one = 1, *left = call.operands[0].numbers<T>().data(),
                *right = two ? call.operands[1].numbers<T>().data() : &one;
        T* to = call.results[0].writable<T>().data();
        for_each_place<3>(sum.sizes, {a, b, y}, [&](const auto& at) { to[at[2]] += left[at[0]] * right[at[1]]; });
    });
}

inline void add_to(std::vector<Operator>& table) {
    const Operator all[] = {
        {"MatMul", 2, 2, "", infer_mat_mul, compute_mat_mul},
        {"Gemm", 2, 3, "alpha beta broadcast transA transB", infer_gemm, compute_gemm},
        {"Einsum", 1, 1 << 20, "equation", infer_einsum, compute_einsum},
    };
    table.insert(table.end(), std::begin(all), std::end(all));
}

}  // namespace taxon::onnx::matrix
