#pragma once
#include <algorithm>
#include <vector>

#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/backend/reference/kernel/attention.hpp>
#include <taxon/backend/reference/kernel/boxes.hpp>
#include <taxon/backend/reference/kernel/convolution.hpp>
#include <taxon/backend/reference/kernel/dense.hpp>
#include <taxon/backend/reference/kernel/elementwise.hpp>
#include <taxon/backend/reference/kernel/embedding.hpp>
#include <taxon/backend/reference/kernel/normalisation.hpp>
#include <taxon/backend/reference/kernel/pool.hpp>
#include <taxon/backend/reference/kernel/resize.hpp>
#include <taxon/backend/reference/kernel/shuffle.hpp>
#include <taxon/graph/indices.hpp>
#include <taxon/weights/parameters.hpp>
#include <xtensor/xadapt.hpp>

namespace taxon::reference {

/// The graph with its parameters as arrays.
class Network {
  public:
    Network(GraphView graph, const WeightSource& source) : graph_(graph) {
        const Parameters parameters(graph, source);
        for (std::size_t i = 0; i < graph.parameters.size(); ++i) {
            const Parameter& p = graph.parameters[i];
            if (p.role == Role::ignored || p.role == Role::preset) {
                parameters_.emplace_back();
                continue;
            }
            const std::vector<std::size_t> shape(p.shape.begin(), p.shape.begin() + p.rank);
            parameters_.push_back(xt::adapt(parameters[static_cast<int>(i)], shape));
        }
        for (const Node& node : graph.nodes)
            if (node.op == Op::embedding) add_more_words(parameters[node.parameter], parameters, node);
        for (const Node& node : graph.nodes)
            if (node.transposed) {
                const std::vector<float> weights = parameters.weights(node);
                const std::size_t outputs = size(node.out.channels);
                parameters_[size(node.parameter)] = xt::adapt(weights, std::vector{outputs, weights.size() / outputs});
            }
        for (const Node& node : graph.nodes)
            anchors_.push_back(node.op == Op::boxes ? parameters.anchors(node) : std::vector<float>{});
    }

    /// As Interpreter::run.
    void run(std::span<const float> sample, std::span<float> output, int length, int valid = 0) const {
        const auto values = evaluate(sample, length, valid > 0 ? valid : length);
        for (const Port& port : graph_.outputs) {
            const std::size_t numbers = port.shape.size_of(length);
            write(values[size(port.node)], port.shape, output.first(numbers));
            output = output.subspan(numbers);
        }
    }

    /// Passes the value of every node to `see`.
    void walk(std::span<const float> sample, int length, const LayerVisitor& see) const {
        const auto values = evaluate(sample, length, length);
        std::vector<float> numbers;
        for (int i = static_cast<int>(graph_.inputs.size()); i < graph_.size(); ++i) {
            Shape shape = graph_.node(i).out;
            if (shape.sequence) shape.width = length;
            numbers.resize(values[size(i)].size());
            write(values[size(i)], shape, numbers);
            see({i, graph_.name(graph_.node(i)), shape, numbers});
        }
    }

    int words() const { return words_; }

  private:
    void add_more_words(std::vector<float> table, const Parameters& parameters, const Node& node) {
        const auto more = parameters.more_words(node);
        table.insert(table.end(), more.begin(), more.end());
        const std::size_t columns = size(node.out.channels), rows = table.size() / columns;
        parameters_[size(node.parameter)] = xt::adapt(table, std::vector{rows, columns});
        words_ = static_cast<int>(rows);
    }

    /// All values of the graph, by node.
    std::vector<Value> evaluate(std::span<const float> sample, int length, int valid) const {
        std::vector<InputNumbers> inputs(graph_.inputs.size());
        find_end_to_end(graph_.inputs, sample.data(), length, inputs);
        check_indices(graph_, words_, inputs, 1, length);
        std::vector<Value> values(graph_.nodes.size());
        for (std::size_t i = 0; i < inputs.size(); ++i)
            values[i] = read(inputs[i].first, graph_.inputs[i].shape, length);
        for (int i = static_cast<int>(inputs.size()); i < graph_.size(); ++i)
            values[size(i)] = compute(graph_.node(i), values, size(valid));
        return values;
    }

    static Value read(const float* from, Shape shape, int length) {
        const std::vector<std::size_t> sizes =
            shape.sequence ? std::vector{size(length), std::size_t{1}, size(shape.channels)}
                           : std::vector{size(shape.channels), size(shape.height), size(shape.width)};
        const Value numbers = xt::adapt(from, shape.size_of(length), xt::no_ownership(), sizes);
        return shape.sequence ? Value(xt::transpose(numbers)) : numbers;
    }

    /// Converts a value to float32: pictures plane by plane, tokens or rows one after the other.
    static void write(const Value& value, Shape shape, std::span<float> to) {
        const Value ordered = shape.sequence || shape.table ? Value(xt::transpose(value)) : value;
        std::transform(ordered.begin(), ordered.end(), to.begin(), [](double x) { return static_cast<float>(x); });
    }

    Value compute(const Node& node, const std::vector<Value>& values, std::size_t valid) const {
        const auto operand = [&](int number) -> const Value& { return values[size(graph_.operand(node, number))]; };
        const auto parameter = [&](int number) -> const Value& { return parameters_[size(node.parameter + number)]; };
        if (node.op == Op::parameter) return pixels_first(parameter(0), node.out);
        if (node.op == Op::constant) {
            Value numbers = parameter(0);
            numbers.reshape({numbers.size(), std::size_t{1}, std::size_t{1}});
            return numbers;
        }
        const Value& x = operand(0);
        switch (node.op) {
            case Op::input:
            case Op::constant:
            case Op::parameter: break;
            case Op::map: {
                const int count = node.operand_count;
                return map(graph_.nest(node), x, operand(count > 1 ? 1 : 0), operand(count > 2 ? 2 : 0));
            }
            case Op::assemble: {
                Value whole = dense(node.out.size(), graph_.nest(node).first);
                for (int i = 0; i < node.operand_count; ++i) assemble(graph_.nest(node, i), operand(i), whole);
                return whole;
            }
            case Op::reduce: return reduce(graph_.nest(node), x);
            case Op::row:
                return row(graph_.nest(node), x, node.operand_count > 1 ? &operand(1) : nullptr,
                           node.operand_count > 2 ? &operand(2) : nullptr);
            case Op::matrix_product: return matrix_product(graph_.nest(node), x, operand(1));
            case Op::gather: return gather(graph_.nest(node), x, operand(1));
            case Op::scatter: return scatter(graph_.nest(node), x, operand(1), operand(2));
            case Op::sort: return sort(graph_.nest(node), x);
            case Op::recurrent: return recurrent(graph_.nest(node), x, operand(1), operand(2));
            case Op::scaled_dot_product: {
                const bool has_bias = node.operand_count > 3;
                return scaled_dot_product(graph_.nest(node), x, operand(1), operand(2),
                                          has_bias ? &graph_.nest(node, 1) : nullptr, has_bias ? &operand(3) : nullptr);
            }
            case Op::flatten: return flatten(node, x);
            case Op::picture: return picture(node, x);
            case Op::convolution: {
                const auto part = [&](int number) {
                    const int step = number * (node.bias == none ? 1 : 2);
                    return convolution(node, x, parameter(step),
                                       node.bias == none ? nullptr : &parameters_[size(node.bias + step)]);
                };
                Value whole = part(0);
                for (int i = 1; i < node.parts; ++i) whole = Value(xt::concatenate(xt::xtuple(whole, part(i)), 0));
                return whole;
            }
            case Op::batch_norm: {
                const auto joined = [&](int number) {
                    constexpr int parameters_of_part = 5;
                    Value whole = parameter(number);
                    for (int i = 1; i < node.parts; ++i)
                        whole =
                            Value(xt::concatenate(xt::xtuple(whole, parameter(number + i * parameters_of_part)), 0));
                    return whole;
                };
                return batch_norm(node, x, joined(0), joined(1), joined(2), joined(3));
            }
            case Op::layer_norm: return layer_norm(node, x, parameter(0), parameter(1));
            case Op::activation: return activate(node.activation, x);
            case Op::group_norm: {
                const bool affine = node.parameter != none;
                return group_norm(node, x, affine ? &parameter(0) : nullptr, affine ? &parameter(1) : nullptr);
            }
            case Op::softmax: return softmax(x);
            case Op::l2_normalize: return l2_normalize(x);
            case Op::mean_tokens: return mean_tokens(x, valid);
            case Op::prepend: return prepended(x, operand(1));
            case Op::resize: return resize(node, x);
            case Op::shuffle: return shuffle(node, x);
            case Op::prelu: return prelu(x, parameter(0));
            case Op::add: return x + operand(1);
            case Op::multiply: return gated(x, operand(1));
            case Op::pool: return pool(node, x);
            case Op::slice:
                return Value(xt::view(x, xt::range(size(node.channel), size(node.channel + node.out.channels))));
            case Op::upsample: return upsample(x, size(node.stride));
            case Op::boxes: return boxes(node, x, anchors_[static_cast<std::size_t>(&node - graph_.nodes.data())]);
            case Op::attention: return attention(node, x, valid);
            case Op::outlook_attention: return outlook_attention(node, x, operand(1));
            case Op::class_attention: return class_attention(node, x, operand(1));
            case Op::embedding: return embedding(x, parameter(0), parameter(1), parameter(2));
            case Op::first_token: return Value(xt::view(x, xt::all(), xt::all(), xt::range(0, 1)));
            case Op::concat: {
                Value whole = x;
                for (int i = 1; i < node.operand_count; ++i)
                    whole = Value(xt::concatenate(xt::xtuple(whole, operand(i)), node.out.table ? 1 : 0));
                return whole;
            }
        }
        return x;
    }

    GraphView graph_;
    std::vector<Value> parameters_;
    int words_ = 0;                              ///< rows of the word embeddings
    std::vector<std::vector<float>> anchors_{};  ///< by boxes node
};

TAXON_DECL Interpreter::Interpreter(GraphView graph, const WeightSource& source)
    : network_(std::make_shared<const Network>(graph, source)) {}

TAXON_DECL int Interpreter::words() const { return network_->words(); }

TAXON_DECL void Interpreter::run(std::span<const float> sample, std::span<float> output, int length, int valid) const {
    network_->run(sample, output, length, valid);
}

TAXON_DECL void Interpreter::walk(std::span<const float> sample, int length, const LayerVisitor& see) const {
    network_->walk(sample, length, see);
}

}  // namespace taxon::reference
