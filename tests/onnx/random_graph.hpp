#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <vector>

#include "onnx/recipe.hpp"
#include "onnx/small_programs.hpp"

namespace taxon::test {

/// A graph of operators that networks have layers for, from any bytes: they choose each operator, its operands among
/// the values so far, and its numbers, until there are none left. An operator that does not take its operands is left
/// out. No function is steep and no constant large, and only whole numbers and inputs are compared, so roundings stay
/// as small as they are.
class RandomGraph : Recipe {
  public:
    static constexpr std::size_t step_count = 23, most_nodes = 14, most_numbers = 2000;

    explicit RandomGraph(std::span<const std::byte> recipe) : Recipe(recipe) {
        const std::size_t shape = choose(input_shapes.size());
        values_.push_back(input(input_shapes[shape]));
        while (!empty() && graph.nodes.size() < most_nodes) (this->*steps[choose(steps.size())])();
        if (graph.nodes.empty()) add("Relu", {values_[0].name});
        graph.outputs.push_back(onnx_bytes::value(values_.back().name, {}));
        if (const std::size_t other = choose(2 * values_.size());
            other + 1 < values_.size() && !values_[other].given && !values_[other].masked)
            graph.outputs.push_back(onnx_bytes::value(values_[other].name, {}));
    }

    std::string bytes() const { return onnx_bytes::model(graph, opset); }
    /// With all values as outputs.
    std::string bytes_of_all() const {
        onnx_bytes::Graph all = graph;
        for (const Value& one : values_)
            if (!one.given) all.outputs.push_back(onnx_bytes::value(one.name, {}));
        return onnx_bytes::model(all, opset);
    }

    onnx_bytes::Graph graph{};
    std::vector<onnx::Tensor> inputs{};

  private:
    using Sizes = onnx_bytes::Sizes;
    using Names = std::vector<std::string>;
    static constexpr std::int64_t opset = 20;
    static constexpr double infinity = std::numeric_limits<double>::infinity();

    struct Value {
        std::string name;
        Sizes shape;
        onnx::DataType type = onnx::DataType::float32;
        bool given = false;   ///< an input
        bool masked = false;  ///< has −∞, which sums of products with 0 make NaN: only a softmax reads it
        std::size_t rank() const { return shape.size(); }
    };
    static inline const std::vector<Sizes> input_shapes{{1, 4, 6, 5}, {2, 3, 4},    {2, 6},       {1, 6, 8},
                                                        {12},         {2, 4, 3, 3}, {1, 3, 4, 5}, {1, 2, 4, 6}};

    /// In [-1, 1].
    double random() {
        seed_ = seed_ * 1664525u + 1013904223u;
        return static_cast<double>(seed_ >> 8) / static_cast<double>(1 << 23) - 1;
    }
    static std::size_t count_of(const Sizes& shape) {
        std::size_t count = 1;
        for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
        return count;
    }
    std::string name() { return "v" + std::to_string(names_++); }

    Value input(const Sizes& shape, onnx::DataType type = onnx::DataType::float32) {
        onnx::Tensor numbers(type, shape);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            if (type == onnx::DataType::float32) numbers.writable<float>()[i] = static_cast<float>(random());
            else numbers.writable<std::int64_t>()[i] = static_cast<std::int64_t>(4 * random());
        inputs.push_back(numbers);
        const Value made{name(), shape, type, true};
        graph.inputs.push_back(onnx_bytes::value(made.name, shape, static_cast<int>(type)));
        return made;
    }
    std::string constant(const Sizes& shape, const std::vector<float>& numbers) {
        const std::string made = name();
        pending_.push_back(onnx_bytes::floats(made, shape, numbers));
        return made;
    }
    /// Random numbers up to `most`.
    std::string constant(const Sizes& shape, double most = 1) {
        std::vector<float> numbers(count_of(shape));
        for (float& number : numbers) number = static_cast<float>(most * random());
        return constant(shape, numbers);
    }
    std::string number(double number) { return constant({}, std::vector{static_cast<float>(number)}); }
    std::string whole(const Sizes& numbers) {
        const std::string made = name();
        pending_.push_back(onnx_bytes::integers(made, {static_cast<std::int64_t>(numbers.size())}, numbers));
        return made;
    }

    const Value& value(const std::string& called) const {
        for (const Value& one : values_)
            if (one.name == called) return one;
        throw std::out_of_range(called);
    }

    /// Adds a node if it takes its operands; the result's name, or none.
    std::string add(const std::string& operation, const Names& operands,
                    const std::vector<std::string>& attributes = {}, std::size_t results = 1) {
        Names made;
        for (std::size_t i = 0; i < results; ++i) made.push_back(name());
        onnx_bytes::Graph alone{{onnx_bytes::node(operation, operands, made, attributes)}, pending_, {}, {}};
        for (const std::string& result : made) alone.outputs.push_back(onnx_bytes::value(result, {}));
        for (const Value& one : values_)
            if (std::ranges::find(operands, one.name) != operands.end())
                alone.inputs.push_back(onnx_bytes::value(one.name, one.shape, static_cast<int>(one.type)));
        std::vector<Value> values;
        try {
            const onnx::Folded folded = folded_of(onnx_bytes::model(alone, opset));
            if (folded.coverage.reason.empty())
                for (const auto& port : folded.program.outputs)
                    values.push_back({port.name, folded.program.value(port).shape, folded.program.value(port).type});
        } catch (const Error&) {  // other operands
        }
        bool fits = !values.empty();
        for (const Value& one : values) fits = fits && count_of(one.shape) > 0 && count_of(one.shape) <= most_numbers;
        if (fits) {
            graph.nodes.push_back(alone.nodes[0]);
            graph.initializers.insert(graph.initializers.end(), pending_.begin(), pending_.end());
            values_.insert(values_.end(), values.begin(), values.end());
        }
        pending_.clear();
        return fits ? made[0] : "";
    }

    /// A value so far: mostly one of the last.
    const Value& any(onnx::DataType type = onnx::DataType::float32) {
        for (std::size_t back = choose(8); back < 8 + values_.size(); ++back) {
            const Value& one = values_[values_.size() - 1 - (back % values_.size())];
            if (one.type == type && !one.masked) return one;
        }
        values_.push_back(input(values_[0].shape, type));
        return values_.back();
    }
    std::int64_t any_axis(const Value& x) {
        return x.rank() == 0 ? 0 : between(0, static_cast<std::int64_t>(x.rank()) - 1);
    }
    static std::string axis(std::int64_t of) { return onnx_bytes::attribute("axis", of); }
    static std::string real(const std::string& called, float number) {
        return onnx_bytes::part(1, called) + "\x15" + onnx_bytes::raw<float>({number}) + onnx_bytes::number(20, 1);
    }

    void unary() {
        add(one_of({"Relu", "Sigmoid", "Tanh", "HardSwish", "LeakyRelu", "Elu", "Softplus", "Abs", "Neg", "Erf", "Sin",
                    "Cos", "Softsign", "Mish", "HardSigmoid", "Gelu", "Identity", "Selu", "Celu"}),
            {any().name});
    }
    /// With another value, or with a constant of one number, one for each channel or for each of the last axis.
    void binary() {
        const Value x = any();
        const std::string operation = one_of({"Add", "Mul", "Sub", "Max", "Min", "PRelu"});
        const std::size_t rank = x.rank();
        switch (choose(5)) {
            case 0: return void(add(operation, {x.name, any().name}));
            case 1: return void(add(operation, {x.name, number(random())}));
            case 2: return void(add(operation, {constant(rank == 0 ? Sizes{} : Sizes{x.shape.back()}), x.name}));
            case 3: return void(add(operation, {x.name, constant(x.shape)}));
            default: break;
        }
        Sizes shape(rank, 1);
        if (rank > 1) shape[1] = x.shape[1];
        add(operation, {x.name, constant(shape)});
    }
    /// Of whole numbers, and of inputs.
    void compare() {
        const Value a = any(onnx::DataType::int64), b = any(onnx::DataType::int64);
        const std::string truth = add(one_of({"Less", "Greater", "Equal", "LessOrEqual"}), {a.name, b.name});
        if (!truth.empty()) add("Where", {truth, any().name, choose(2) == 0 ? any().name : number(random())});
    }
    void whole_numbers() {
        const Value a = any(onnx::DataType::int64), b = any(onnx::DataType::int64);
        const std::string made = add(one_of({"Add", "Sub", "Max", "Min"}), {a.name, b.name});
        if (!made.empty() && choose(2) == 0) add("Cast", {made}, {onnx_bytes::attribute("to", std::int64_t{1})});
    }
    void transpose() {
        const Value x = any(choose(4) == 0 ? onnx::DataType::int64 : onnx::DataType::float32);
        Sizes order;
        for (std::size_t i = 0; i < x.rank(); ++i) order.push_back(static_cast<std::int64_t>(i));
        if (order.size() > 1) std::swap(order[choose(order.size())], order[choose(order.size())]);
        add("Transpose", {x.name}, {onnx_bytes::attribute("perm", order)});
    }
    /// To one axis, or with an axis cut in two, or with two made one.
    void reshape() {
        const Value x = any();
        Sizes shape = x.shape;
        const std::size_t at = x.rank() == 0 ? 0 : choose(x.rank());
        const std::int64_t factor = between(2, 3);
        const std::size_t how = choose(4);
        if (how == 0 || shape.empty()) shape = {-1};
        else if (how == 1 && at + 1 < shape.size()) {
            shape[at] *= shape[at + 1];
            shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        } else if (how == 2) shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(at), 1);
        else shape[at] = -1, shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(at), factor);
        add("Reshape", {x.name, whole(shape)});
    }
    void slice() {
        const Value x = any();
        const std::int64_t along = any_axis(x), step = choose(3) == 0 ? -1 : between(1, 2);
        add("Slice", {x.name, whole({step < 0 ? -1 : between(0, 2)}), whole({step < 0 ? -99 : 99}), whole({along}),
                      whole({step})});
    }
    void split() {
        const Value x = any();
        add("Split", {x.name}, {axis(any_axis(x)), onnx_bytes::attribute("num_outputs", std::int64_t{2})}, 2);
    }
    void concat() {
        const Value a = any(), b = any();
        if (add("Concat", {a.name, b.name}, {axis(any_axis(a))}).empty())
            add("Concat", {a.name, a.name}, {axis(any_axis(a))});
    }
    /// Around an axis by two slices, as torch.roll is exported.
    void roll() {
        const Value x = any();
        const std::int64_t along = any_axis(x), by = between(1, 2);
        const std::string last = add("Slice", {x.name, whole({-by}), whole({99}), whole({along})}),
                          first = add("Slice", {x.name, whole({0}), whole({-by}), whole({along})});
        if (!last.empty() && !first.empty()) add("Concat", {last, first}, {axis(along)});
    }
    void pad() {
        const Value x = any();
        Sizes pads(2 * x.rank());
        for (std::int64_t& one : pads) one = choose(3) == 0 ? between(0, 2) : 0;
        add("Pad", {x.name, whole(pads)}, {onnx_bytes::attribute("mode", one_of({"constant", "reflect", "edge"}))});
    }
    void repeat() {
        const Value x = any();
        Sizes repeats(x.rank(), 1), wide = x.shape;
        if (!repeats.empty()) repeats[choose(repeats.size())] = 2;
        wide.insert(wide.begin(), 2);
        if (choose(2) == 0) add("Tile", {x.name, whole(repeats)});
        else add("Expand", {x.name, whole(wide)});
    }
    void gather() {
        const Value x = any();
        Sizes places;
        for (std::int64_t count = between(1, 4); count > 0; --count) places.push_back(between(-1, 2));
        add("Gather", {x.name, whole(places)}, {axis(any_axis(x))});
    }
    void reduce() {
        const Value x = any();
        const std::string operation = one_of({"ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1"});
        const std::string kept = onnx_bytes::attribute("keepdims", between(0, 1));
        if (choose(3) == 0) add(operation, {x.name}, {kept});
        else add(operation, {x.name, whole({any_axis(x)})}, {kept});
    }
    void along_rows() {
        const Value x = any();
        add(one_of({"Softmax", "LogSoftmax"}), {x.name}, {axis(choose(2) == 0 ? -1 : any_axis(x))});
    }
    void cumulate() {
        const Value x = any();
        add("CumSum", {x.name, whole({any_axis(x)})}, {onnx_bytes::attribute("reverse", between(0, 1))});
    }
    void normalize() {
        const Value x = any();
        if (x.rank() < 2) return;
        const std::string epsilon = real("epsilon", 0.5f);
        const Sizes features{x.shape.back()}, channels{x.shape[1]};
        const auto ones = [&] {
            return constant(channels, std::vector<float>(static_cast<std::size_t>(channels[0]), 1));
        };
        switch (choose(3)) {
            case 0: return void(add("LayerNormalization", {x.name, constant(features), constant(features)}, {epsilon}));
            case 1:
                return void(add("InstanceNormalization", {x.name, constant(channels), constant(channels)}, {epsilon}));
            default:
                add("BatchNormalization", {x.name, constant(channels), constant(channels), constant(channels), ones()},
                    {epsilon});
        }
    }
    void convolve() {
        const Value x = any();
        if (x.rank() < 3) return;
        const bool by_channel = choose(3) == 0, transposed = choose(4) == 0;
        const std::int64_t channels = x.shape[1], outputs = by_channel ? channels : between(1, 9),
                           groups = by_channel ? channels : 1, kernel = between(1, 3), stride = between(1, 2);
        Sizes weights = transposed ? Sizes{channels, outputs / groups} : Sizes{outputs, channels / groups}, pads;
        weights.insert(weights.end(), x.rank() - 2, kernel);
        for (std::size_t i = 0; i < 2 * (x.rank() - 2); ++i) pads.push_back(between(0, kernel / 2));
        Names operands{
            x.name, constant(weights, 3 / static_cast<double>(count_of(weights) / static_cast<std::size_t>(outputs)))};
        if (choose(2) == 0) operands.push_back(constant({outputs}));
        add(transposed ? "ConvTranspose" : "Conv", operands,
            {onnx_bytes::attribute("pads", pads), onnx_bytes::attribute("group", groups),
             onnx_bytes::attribute("strides", Sizes(x.rank() - 2, stride))});
    }
    void pool() {
        const Value x = any();
        if (x.rank() < 3) return;
        const std::int64_t kernel = between(1, 3);
        if (choose(4) == 0) return void(add(one_of({"GlobalAveragePool", "GlobalMaxPool"}), {x.name}));
        add(one_of({"MaxPool", "AveragePool"}), {x.name},
            {onnx_bytes::attribute("kernel_shape", Sizes(x.rank() - 2, kernel)),
             onnx_bytes::attribute("strides", Sizes(x.rank() - 2, between(1, 2))),
             onnx_bytes::attribute("ceil_mode", between(0, 1)),
             onnx_bytes::attribute("pads", Sizes(2 * (x.rank() - 2), between(0, kernel / 2)))});
    }
    void resize() {
        const Value x = any();
        if (x.rank() < 3) return;
        std::vector<float> scales(x.rank(), 1);
        for (std::size_t i = 2; i < scales.size(); ++i) scales[i] = choose(2) == 0 ? 2.f : 1.5f;
        add("Resize", {x.name, "", constant({static_cast<std::int64_t>(x.rank())}, scales)},
            {onnx_bytes::attribute("mode", one_of({"nearest", "linear"})),
             onnx_bytes::attribute("coordinate_transformation_mode", one_of({"asymmetric", "half_pixel"})),
             onnx_bytes::attribute("nearest_mode", "floor")});
    }
    /// By a constant, as linear layers are; with biases or not.
    void multiply() {
        const Value x = any();
        if (x.rank() < 1) return;
        const std::int64_t inputs_of = x.shape.back(), outputs = between(1, 9);
        const std::string made =
            add("MatMul", {x.name, constant({inputs_of, outputs}, 3 / static_cast<double>(inputs_of))});
        if (!made.empty() && choose(2) == 0) add("Add", {made, constant({outputs})});
    }
    /// A value by itself, with a softmax between: with a factor, and biases that may mask keys.
    void attend() {
        const Value x = any();
        if (x.rank() < 2) return;
        Sizes order;
        for (std::size_t i = 0; i < x.rank(); ++i) order.push_back(static_cast<std::int64_t>(i));
        std::swap(order[x.rank() - 1], order[x.rank() - 2]);
        const std::string turned = add("Transpose", {x.name}, {onnx_bytes::attribute("perm", order)});
        if (turned.empty()) return;
        std::string scores = add("MatMul", {x.name, turned});
        if (!scores.empty()) scores = add("Mul", {scores, number(0.5)});
        if (scores.empty()) return;
        const std::int64_t keys = value(scores).shape.back();
        if (const std::size_t biased = choose(3); biased > 0) {
            std::vector<float> bias(static_cast<std::size_t>(keys * keys));
            for (std::size_t i = 0; i < bias.size(); ++i)  // a query sees the key in its own place
                bias[i] = static_cast<float>(
                    biased == 1 || i % static_cast<std::size_t>(keys + 1) == 0 || random() < 0 ? random() : -infinity);
            scores = add("Add", {scores, constant({keys, keys}, bias)});
            values_.back().masked = !scores.empty() && biased == 2;
        }
        const std::string shares = scores.empty() ? "" : add("Softmax", {scores}, {axis(-1)});
        if (!shares.empty()) add("MatMul", {shares, x.name});
    }
    /// What exporters write out.
    void write_out() {
        const Value x = any();
        if (choose(2) == 0) {
            const std::string gate = add("Sigmoid", {x.name});
            if (!gate.empty()) add("Mul", {x.name, gate});
            return;
        }
        std::string y = add("Div", {x.name, number(1.4142135)});
        if (!y.empty()) y = add("Erf", {y});
        if (!y.empty()) y = add("Add", {y, number(1)});
        if (!y.empty()) y = add("Mul", {x.name, y});
        if (!y.empty()) add("Mul", {y, number(0.5)});
    }

    using Step = void (RandomGraph::*)();
    static constexpr std::array<Step, step_count> steps{
        &RandomGraph::unary,     &RandomGraph::binary,   &RandomGraph::compare,    &RandomGraph::whole_numbers,
        &RandomGraph::transpose, &RandomGraph::reshape,  &RandomGraph::slice,      &RandomGraph::split,
        &RandomGraph::concat,    &RandomGraph::roll,     &RandomGraph::pad,        &RandomGraph::repeat,
        &RandomGraph::gather,    &RandomGraph::reduce,   &RandomGraph::along_rows, &RandomGraph::cumulate,
        &RandomGraph::normalize, &RandomGraph::convolve, &RandomGraph::pool,       &RandomGraph::resize,
        &RandomGraph::multiply,  &RandomGraph::attend,   &RandomGraph::write_out};

    std::vector<Value> values_{};
    std::vector<std::string> pending_{};  ///< constants of the node that is being made
    std::size_t names_ = 0;
    std::uint32_t seed_ = 1;
};

}  // namespace taxon::test
