#pragma once
#include <taxon/onnx/lowering/binary.hpp>

/// Matrix products: by constants as linear layers, of two values by strides.
namespace taxon::onnx::lowering {

/// (K, N), or (N, K) as `torch.nn.Linear` stores it, as (N, K).
inline Tensor outputs_first(const Tensor& matrix, bool transposed) {
    const Tensor from = Lowering::floats(matrix);
    if (transposed) return from;
    const std::size_t rows = static_cast<std::size_t>(from.shape()[0]),
                      columns = static_cast<std::size_t>(from.shape()[1]);
    return Lowering::late_floats({from.shape()[1], from.shape()[0]}, from.depth(), [=](std::span<float> to) {
        const auto numbers = from.numbers<float>();
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = 0; j < columns; ++j) to[j * rows + i] = numbers[i * columns + j];
    });
}

/// A linear layer on the numbers along the last axis.
inline View linear(const Operation& o, const std::string& name, const View& x, Tensor weights, const Tensor* bias) {
    const auto outputs = int_of(weights.shape()[0]), inputs = int_of(weights.shape()[1]);
    const int source = o.to.rows(x, name);
    Shape out = o.to.shape_of(source);
    out.channels = outputs;
    Dimensions shape = x.shape;
    shape.back() = outputs;
    std::vector<Network::Weight> parameters{Lowering::weight("weight", {outputs, inputs}, weights)};
    if (bias != nullptr) parameters.push_back(Lowering::weight("bias", {outputs}, *bias));
    const int value = o.to.add({.name = name,
                                .node = {.op = Op::convolution},
                                .out = out,
                                .operands = {source},
                                .weights = std::move(parameters),
                                .shape = shape});
    return View::in_order(value, shape);
}

/// A module's path for a product: that of its weights, or of the biases that are added next, or its scope.
inline std::string linear_name(const Operation& o, std::size_t of_weights) {
    const std::string path = Names::module_of(o.input_name(of_weights));
    if (o.to.names.is_free(path)) return path;
    if (const Program::Step* next = o.to.only_user(o.step.outputs[0]);
        next != nullptr && next->call.node->operation == "Add")
        for (const std::size_t input : next->inputs)
            if (o.to.constant(input) != nullptr)
                if (const std::string other = Names::module_of(o.to.program.values[input].name);
                    o.to.names.is_free(other))
                    return other;
    return o.module(of_weights);
}

/// factor · a · b over batches that are broadcast, in the order in which its only reader transposes it.
inline View product(const Operation& o, const std::string& name, View a, View b, double factor) {
    const bool row = a.rank() == 1, column = b.rank() == 1;
    if (row) a.shape.insert(a.shape.begin(), 1), a.by.insert(a.by.begin(), 0);
    if (column) b.shape.push_back(1), b.by.push_back(0);
    const Dimensions batch_a(a.shape.begin(), a.shape.end() - 2), batch_b(b.shape.begin(), b.shape.end() - 2);
    const Dimensions batch = *onnx::broadcast(batch_a, batch_b);
    const std::int64_t m = a.shape[a.rank() - 2], k = a.shape.back(), n = b.shape.back();
    Dimensions result = batch;
    result.insert(result.end(), {m, n});
    a = o.to.in_dense(a), b = o.to.in_dense(b);
    Dimensions wide_a = batch, wide_b = batch;
    wide_a.insert(wide_a.end(), {m, k}), wide_b.insert(wide_b.end(), {k, n});
    a = a.broadcast(wide_a), b = b.broadcast(wide_b);
    // (batch, m, n | k)
    const std::size_t axes = batch.size();
    View of_a = a, of_b = b;
    of_a.shape = of_b.shape = batch;
    for (View* view : {&of_a, &of_b}) view->shape.insert(view->shape.end(), {m, n, k});
    of_a.by.resize(axes), of_b.by.resize(axes);
    of_a.by.insert(of_a.by.end(), {a.by[axes], 0, a.by[axes + 1]});
    of_b.by.insert(of_b.by.end(), {0, b.by[axes + 1], b.by[axes]});
    View out = row || column ? View::in_order(0, result) : o.to.ordered_for_reader(o.step, result);
    LoopNest nest = nest_of(of_a.shape, 1, {of_a, of_b}, out.by);
    nest.first = factor;
    out.value = o.to.add_dense(name, Op::matrix_product, nest, out.size(), {a.value, b.value}, o.shape());
    if (column) out = out.without_axis(out.rank() - 1);
    if (row) out = out.without_axis(out.rank() - (column ? 1 : 2));
    return out;
}

inline void lower_matmul(const Operation& o) {
    const Tensor* weights = o.constant(1);
    if (weights != nullptr && is_floating(o.type())) {
        Dimensions shape = weights->shape();
        while (shape.size() > 2 && shape.front() == 1) shape.erase(shape.begin());
        if (shape.size() == 2 && o.call().shape(0).size() >= weights->rank())
            return o.define(
                linear(o, linear_name(o, 1), o.operand(0), outputs_first(weights->reshaped(shape), false), nullptr));
    }
    o.define(product(o, o.name(), o.operand(0), o.operand(1), 1));
}

/// α · A · B + β · C, each of A and B transposed or not.
inline void lower_gemm(const Operation& o) {
    const double alpha = o.call().number("alpha", 1), beta = o.call().number("beta", 1);
    View a = o.operand(0);
    if (o.call().integer("transA", 0) != 0) a = a.transposed({1, 0});
    const bool transposed = o.call().integer("transB", 0) != 0;
    const Tensor* weights = o.constant(1);
    const Tensor* bias = o.given(2) ? o.constant(2) : nullptr;
    const bool takes = bias != nullptr && beta == 1 && alpha == 1 && (bias->rank() <= 1 || bias->shape()[0] == 1) &&
                       weights != nullptr &&
                       static_cast<std::int64_t>(bias->size()) == weights->shape()[transposed ? 0 : 1];
    View result;
    if (weights != nullptr && alpha == 1)
        result = linear(o, linear_name(o, 1), a, outputs_first(*weights, transposed), takes ? bias : nullptr);
    else {
        const View b = o.operand(1);
        result = product(o, o.name(), a, transposed ? b.transposed({1, 0}) : b, alpha);
    }
    if (!takes && o.given(2) && beta != 0) {
        View c = o.operand(2);
        if (beta != 1) c = o.to.activate(o.name() + ".beta", c, {Activation::times, beta});
        result = o.to.map(o.name() + ".add", MapFunction::add, o.shape(), {result, c});
    }
    o.define(result);
}

}  // namespace taxon::onnx::lowering
