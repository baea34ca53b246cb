#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <taxon/onnx/checking.hpp>
#include <taxon/onnx/lowering/names.hpp>
#include <taxon/onnx/lowering/nest_of.hpp>
#include <taxon/onnx/lowering/view.hpp>
#include <taxon/onnx/network.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx::lowering {

/// A network so far: adds layers with names of their own, and knows the shapes of their values.
class NetworkBuilder {
  public:
    /// `checking`: what pays for layers, until the graph is known to be right; null for none.
    explicit NetworkBuilder(std::shared_ptr<Checking> checking) : checking_(std::move(checking)) {}

    Network network{};
    Names names{};

    Shape shape_of(int value) const {
        const auto inputs = network.inputs.size(), at = static_cast<std::size_t>(value);
        return at < inputs ? network.inputs[at].shape : network.layers[at - inputs].out;
    }
    bool is_picture(int value) const { return !shape_of(value).table; }

    /// A view of a whole picture as (1, C, H, W), or with as many axes of pixels as `shape` has after the first two.
    View of_picture(int value, const Dimensions& shape) const {
        const Shape picture = shape_of(value);
        View view{value, shape, Dimensions(shape.size()), 0};
        std::int64_t stride = picture.channels;
        for (std::size_t i = shape.size(); i-- > 2; stride *= shape[i]) view.by[i] = stride;
        if (shape.size() > 1) view.by[1] = 1;
        return view;
    }

    /// Adds a layer and returns its value. The name is made unique, and so are those of its parameters, to which biases
    /// may come later: a constant may be called like them.
    int add(Network::Layer layer) {
        std::vector<std::string> parameters;
        for (const Network::Weight& weight : layer.weights)
            if (!weight.suffix.empty()) parameters.push_back(weight.suffix);
        if (!parameters.empty()) parameters.push_back("bias");
        const Shape out = layer.out;
        int_of(std::int64_t{out.channels} * out.height * out.width);
        layer.name = names.unique(std::move(layer.name), parameters);
        if (checking_) checking_->keep(memory_of(layer));
        network.layers.push_back(std::move(layer));
        return int_of(network.inputs.size() + network.layers.size()) - 1;
    }
    int add(std::string name, Node node, Shape out, std::vector<int> operands,
            std::vector<Network::Weight> weights = {}) {
        return add({.name = std::move(name),
                    .node = node,
                    .out = out,
                    .operands = std::move(operands),
                    .weights = std::move(weights)});
    }
    /// The layer that makes a value; null for an input.
    Network::Layer* layer_of(int value) {
        const auto at = static_cast<std::size_t>(value);
        return at < network.inputs.size() ? nullptr : &network.layers[at - network.inputs.size()];
    }

    static Network::Weight weight(std::string suffix, std::vector<int> shape, const Tensor& numbers,
                                  Role role = Role::trained) {
        return {std::move(suffix), role, std::move(shape), floats(numbers)};
    }
    static Network::Weight weight(std::string suffix, std::vector<int> shape, const std::vector<float>& numbers,
                                  Role role = Role::trained) {
        Tensor tensor(DataType::float32, Dimensions(shape.begin(), shape.end()));
        std::copy(numbers.begin(), numbers.end(), tensor.writable<float>().begin());
        return {std::move(suffix), role, std::move(shape), std::move(tensor)};
    }
    /// float32 numbers of a shape, which `fill` writes when they are first read: a network whose last layer is refused
    /// has taken no memory for its weights. `depth`: that of the tensors that they are computed from.
    template <class Fill>
    static Tensor late_floats(Dimensions shape, int depth, Fill fill) {
        const auto make = [shape, fill = std::move(fill)] {
            Tensor to(DataType::float32, shape);
            fill(to.writable<float>());
            return to.shared_numbers();
        };
        return Tensor(DataType::float32, shape, std::make_shared<LateNumbers>(make, depth + 1));
    }
    /// The same numbers as float32.
    static Tensor floats(const Tensor& from) {
        if (from.type() == DataType::float32) return from;
        return late_floats(from.shape(), from.depth(), [from](std::span<float> to) {
            for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<float>(from.real(i));
        });
    }

    /// A constant as a dense value, read along its own axes.
    View constant_view(const Tensor& tensor, const std::string& name) {
        std::vector<int> shape;
        if (tensor.rank() <= 4)
            for (const std::int64_t axis : tensor.shape()) shape.push_back(int_of(axis));
        else shape = {int_of(tensor.size())};
        const int value = add(name, {.op = Op::constant}, dense(static_cast<std::int64_t>(tensor.size())), {},
                              {weight("", shape, tensor)});
        return View::in_order(value, tensor.shape(), tensor.type());
    }
    /// One whose number i is `number(i)`, made when it is first read: masks and places may be large.
    template <class Number>
    View numbered_view(const Dimensions& shape, DataType type, const std::string& name, Number number) {
        const auto fill = [number](std::span<float> to) {
            for (std::size_t i = 0; i < to.size(); ++i)
                to[i] = static_cast<float>(number(static_cast<std::int64_t>(i)));
        };
        View view = constant_view(late_floats(shape, 0, fill), name);
        view.type = type;
        return view;
    }
    View constant_view(double number, const std::string& name) {
        Tensor tensor(DataType::float32, {});
        tensor.writable<float>()[0] = static_cast<float>(number);
        return constant_view(tensor, name);
    }

    static Shape dense(std::int64_t count) { return Shape::rows(int_of(count), 1); }

    /// Adds a layer of a dense operation.
    int add_dense(const std::string& name, Op op, LoopNest nest, std::int64_t count, std::vector<int> operands,
                  Dimensions shape = {}) {
        nest.result_count = int_of(count);
        nest.operand_count = int_of(operands.size());
        return add({.name = name,
                    .node = {.op = op},
                    .out = dense(count),
                    .operands = std::move(operands),
                    .nests = {nest},
                    .shape = std::move(shape)});
    }

    /// A layer's name.
    std::string name_of(int value) const {
        const auto at = static_cast<std::size_t>(value);
        return at < network.inputs.size() ? network.inputs[at].name : network.layers[at - network.inputs.size()].name;
    }

    static Shape picture_shape(const Dimensions& shape) {
        const auto axis = [&](std::size_t i) { return int_of(shape[i]); };
        if (shape.size() == 4) return {axis(1), axis(2), axis(3)};
        if (shape.size() == 3) return {axis(1), 1, axis(2)};
        return {axis(shape.size() - 1)};
    }

    int add_map(const std::string& name, MapFunction function, const Dimensions& sizes,
                const std::vector<View>& operands, Activation activation, Dimensions shape = {}) {
        LoopNest loops = nest_of(sizes, 0, operands);
        loops.map = function, loops.activation = activation;
        std::vector<int> values;
        for (const View& operand : operands) values.push_back(operand.value);
        std::int64_t count = 1;
        for (const std::int64_t axis : sizes) count *= axis;
        return add_dense(name, Op::map, loops, count, values, shape.empty() ? sizes : std::move(shape));
    }

  private:
    /// Of a layer and its name, without its weights' numbers; while the list grows, both copies of it count.
    static std::size_t memory_of(const Network::Layer& layer) {
        constexpr std::size_t name = 128, weight = 256;  // of a map's entry, and of a tensor's blocks
        return 2 * sizeof(Network::Layer) + layer.nests.size() * sizeof(LoopNest) +
               layer.weights.size() * (sizeof(Network::Weight) + weight) + layer.operands.size() * sizeof(int) +
               layer.shape.size() * sizeof(std::int64_t) + 2 * layer.name.size() + name;
    }

    std::shared_ptr<Checking> checking_;
};

}  // namespace taxon::onnx::lowering
