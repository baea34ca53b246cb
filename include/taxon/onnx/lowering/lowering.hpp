#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <taxon/onnx/lowering/names.hpp>
#include <taxon/onnx/lowering/nest_of.hpp>
#include <taxon/onnx/lowering/program_uses.hpp>
#include <taxon/onnx/lowering/view.hpp>
#include <taxon/onnx/network.hpp>
#include <taxon/onnx/places.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx::lowering {

/// The network so far, and how its values are those of the program. Operators (convolution.hpp, …) add layers through
/// it. Whatever a layer needs (a picture, numbers in order), `picture`, `rows` and `in_order` make of a view, by a
/// layer of movement only where strides cannot do it.
class Lowering : public ProgramUses {
  public:
    explicit Lowering(const Program& source) : ProgramUses(source), views_(source.values.size()) {}

    Network network{};
    Names names{};
    std::map<int, Concatenation> concatenations{};  ///< of dense values, by the value that each made

    // ── Values ───────────────────────────────────────────────────────────────────────────────────────────────────────
    /// How to read a value of the program; a constant becomes a layer, called after it or its user.
    View view(std::size_t i) {
        if (io::element_count(value(i).shape) == 0)
            throw Error(Fault::unsupported, {.found = "a value of shape " + io::to_string(value(i).shape),
                                             .wanted = "one with numbers in it"});
        if (!views_[i]) {
            const Tensor* tensor = constant(i);
            if (tensor == nullptr)
                throw Error(Fault::unsupported, {.found = "an output that no layer has", .wanted = "another one"});
            views_[i] = constant_view(*tensor, constant_name(i));
        }
        return *views_[i];
    }
    bool has_view(std::size_t i) const { return views_[i].has_value(); }
    void define(std::size_t i, View view) {
        view.type = value(i).type;
        views_[i] = std::move(view);
    }
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

    // ── Layers ───────────────────────────────────────────────────────────────────────────────────────────────────────
    /// Adds a layer and returns its value. The name is made unique.
    int add(Network::Layer layer) {
        layer.name = names.unique(std::move(layer.name));
        network.layers.push_back(std::move(layer));
        return static_cast<int>(network.inputs.size() + network.layers.size()) - 1;
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
    /// The same numbers as float32.
    static Tensor floats(const Tensor& from) {
        if (from.type() == DataType::float32) return from;
        Tensor to(DataType::float32, from.shape());
        for (std::size_t i = 0; i < from.size(); ++i) to.writable<float>()[i] = static_cast<float>(from.real(i));
        return to;
    }

    /// A constant as a dense value, read along its own axes.
    View constant_view(const Tensor& tensor, const std::string& name) {
        std::vector<int> shape;
        if (tensor.rank() <= 4)
            for (const std::int64_t axis : tensor.shape()) shape.push_back(static_cast<int>(axis));
        else shape = {static_cast<int>(tensor.size())};
        const int value = add(name, {.op = Op::constant}, dense(static_cast<std::int64_t>(tensor.size())), {},
                              {weight("", shape, tensor)});
        return View::in_order(value, tensor.shape(), tensor.type());
    }
    View constant_view(double number, const std::string& name) {
        Tensor tensor(DataType::float32, {});
        tensor.writable<float>()[0] = static_cast<float>(number);
        return constant_view(tensor, name);
    }

    static Shape dense(std::int64_t count) { return Shape::rows(static_cast<int>(count), 1); }

    // ── Movement ─────────────────────────────────────────────────────────────────────────────────────────────────────
    /// A view of the same numbers in a dense value.
    View in_dense(View view) {
        if (!is_picture(view.value)) return view;
        const auto [at, is_new] = flattened_.emplace(view.value, 0);
        if (is_new) {
            const int picture = view.value;
            at->second = add(name_of(picture) + ".flatten", {.op = Op::flatten, .channels_last = true},
                             dense(shape_of(picture).size()), {picture});
        }
        view.value = at->second;
        return view;
    }

    /// A dense value of exactly the view's numbers in row-major order.
    int in_order(const View& view, const std::string& name) {
        const View from = in_dense(view);
        if (from.is_in_order() && from.size() == shape_of(from.value).size()) return from.value;
        return add_map(name + ".order", MapFunction::copy, from.shape, {from}, {});
    }

    /// The picture (C, H, W) that a view of (1, C, H, W), or (1, C, L), is.
    int picture(const View& view, const std::string& name) {
        const Shape wanted = picture_shape(view.shape);
        const std::int64_t numbers = wanted.size();
        if (is_picture(view.value)) {
            const Shape own = shape_of(view.value);
            if (own == wanted && agree(view, of_picture(view.value, view.shape))) return view.value;
            if (const int slice = sliced_picture(view, wanted, name); slice != none) return slice;
        }
        View from = in_dense(view);
        const bool whole = shape_of(from.value).size() == numbers;
        Dimensions channels_last_by(view.rank());
        std::int64_t stride = wanted.channels;
        for (std::size_t i = view.rank(); i-- > 2; stride *= view.shape[i]) channels_last_by[i] = stride;
        if (view.rank() > 1) channels_last_by[1] = 1;
        const bool last = agree(from, View{from.value, from.shape, channels_last_by, 0}), ordered = from.is_in_order();
        if (!whole || (!last && !ordered)) {
            std::vector<std::size_t> axes{0};
            for (std::size_t i = 2; i < view.rank(); ++i) axes.push_back(i);
            if (view.rank() > 1) axes.push_back(1);
            from = View::in_order(
                add_map(name + ".order", MapFunction::copy, from.transposed(axes).shape, {from.transposed(axes)}, {}),
                from.transposed(axes).shape);
        }
        return add(name + ".picture", {.op = Op::picture, .channels_last = !whole || last || !ordered}, wanted,
                   {from.value});
    }

    /// A dense value of (H, W, C) as a picture; the same one each time.
    int as_picture(int value, const Shape& shape) {
        std::vector<int>& known = pictures_[value];
        for (const int picture : known)
            if (shape_of(picture) == shape) return picture;
        const int picture =
            add(name_of(value) + ".picture", {.op = Op::picture, .channels_last = true}, shape, {value});
        known.push_back(picture);
        return picture;
    }

    /// A picture whose channels are the numbers along the last axis, and its pixels all others, in order.
    int rows(const View& view, const std::string& name) {
        const auto width = static_cast<int>(view.rank() == 0 ? 1 : view.shape.back());
        const auto count = static_cast<int>(view.size() / std::max(width, 1));
        if (is_picture(view.value) && shape_of(view.value).channels == width &&
            shape_of(view.value).pixels() == count && view.is_in_order())
            return view.value;
        return as_picture(in_order(view, name), {width, 1, count});
    }

    // ── Element by element ───────────────────────────────────────────────────────────────────────────────────────────
    /// function(a, …) with the operands broadcast to `shape`, stored in the order in which the largest operand lies.
    View map(const std::string& name, MapFunction function, const Dimensions& shape, std::vector<View> operands,
             Activation activation = {}) {
        std::vector<View> wide;
        for (const View& operand : operands) wide.push_back(in_dense(operand).broadcast(shape));
        std::size_t largest = 0;
        for (std::size_t i = 1; i < operands.size(); ++i)
            if (operands[i].size() > operands[largest].size()) largest = i;
        const std::vector<std::size_t> order = wide[largest].order();
        Dimensions sizes(shape.size());
        for (std::size_t i = 0; i < order.size(); ++i) sizes[i] = shape[order[i]];
        for (View& operand : wide) operand = operand.transposed(order);
        const View result = View::in_order(add_map(name, function, sizes, wide, activation, shape), sizes);
        View back{result.value, shape, Dimensions(shape.size())};
        for (std::size_t i = 0; i < order.size(); ++i) back.by[order[i]] = result.by[i];
        return back;
    }
    View map(const std::string& name, MapFunction function, const View& a, Activation activation = {}) {
        return map(name, function, a.shape, {a}, activation);
    }
    View map(const std::string& name, MapFunction function, const View& a, const View& b) {
        return map(name, function, *onnx::broadcast(a.shape, b.shape), {a, b});
    }

    /// An activation of each number: of the value that the view reads, if that is all of it.
    View activate(const std::string& name, const View& view, Activation activation) {
        const bool whole = view.is_permutation() && view.size() == shape_of(view.value).size();
        if (!is_picture(view.value) || !whole) return map(name, MapFunction::activation, view, activation);
        View result = view;
        result.value = add({.name = name,
                            .node = {.op = Op::activation, .activation = activation},
                            .out = shape_of(view.value),
                            .operands = {view.value},
                            .shape = view.shape});
        return result;
    }

    /// x · scale + shift for each channel of a picture, as a batch normalisation, which convolutions take in.
    int affine(const std::string& name, int picture, std::vector<float> scale, const std::vector<float>& shift) {
        constexpr std::int64_t inverse_epsilon = 100'000;
        const auto channels = static_cast<int>(scale.size());
        for (float& one : scale)
            one = static_cast<float>(static_cast<double>(one) * std::sqrt(1 + 1.0 / inverse_epsilon));
        const std::vector<float> zeros(scale.size(), 0), ones(scale.size(), 1);
        return add(name, {.op = Op::batch_norm, .inverse_epsilon = inverse_epsilon}, shape_of(picture), {picture},
                   {weight("weight", {channels}, scale),
                    weight("bias", {channels}, shift),
                    weight("running_mean", {channels}, zeros, Role::statistic),
                    weight("running_var", {channels}, ones, Role::statistic),
                    {.suffix = "num_batches_tracked", .role = Role::ignored}});
    }

    // ── Loops ────────────────────────────────────────────────────────────────────────────────────────────────────────
    /// Adds a layer of a dense operation.
    int add_dense(const std::string& name, Op op, LoopNest nest, std::int64_t count, std::vector<int> operands,
                  Dimensions shape = {}) {
        nest.result_count = static_cast<int>(count);
        nest.operand_count = static_cast<int>(operands.size());
        return add({.name = name,
                    .node = {.op = op},
                    .out = dense(count),
                    .operands = std::move(operands),
                    .nests = {nest},
                    .shape = std::move(shape)});
    }

    /// How a result that is to be made lies best: in the order in which its only reader transposes it.
    View ordered_for_reader(const Program::Step& step, const Dimensions& shape) const {
        View out = View::in_order(0, shape);
        const Program::Step* next = only_user(step.outputs[0]);
        if (next == nullptr || next->call.node->operation != "Transpose" || !next->call.has("perm")) return out;
        std::vector<std::size_t> order;
        for (const std::int64_t axis : next->call.integers("perm")) order.push_back(next->call.axis(axis, out.rank()));
        const View moved = View::in_order(0, out.transposed(order).shape);
        for (std::size_t i = 0; i < order.size(); ++i) out.by[order[i]] = moved.by[i];
        return out;
    }

    /// One number for each element of `shape`, from the numbers along its last `inner` axes.
    View reduce(const std::string& name, Reduction reduction, const View& view, const std::vector<bool>& reduced,
                bool last = false) {
        const View from = in_dense(view);
        std::vector<std::size_t> axes, inner;
        for (const std::size_t axis : from.order()) (reduced[axis] ? inner : axes).push_back(axis);
        std::sort(inner.begin(), inner.end());
        const std::vector<std::size_t> kept = axes;
        axes.insert(axes.end(), inner.begin(), inner.end());
        const View sorted = from.transposed(axes);
        LoopNest loops = nest_of(sorted.shape, inner.size(), {sorted});
        loops.reduction = reduction, loops.last = last;
        View result{-1, view.shape, Dimensions(view.rank())};
        std::int64_t count = 1;
        for (std::size_t i = kept.size(); i-- > 0; count *= view.shape[kept[i]]) result.by[kept[i]] = count;
        for (std::size_t i = 0; i < reduced.size(); ++i)
            if (reduced[i]) result.shape[i] = 1;
        result.value = add_dense(name, Op::reduce, loops, count, {from.value}, result.shape);
        return result;
    }

    /// A layer's name.
    std::string name_of(int value) const {
        const auto at = static_cast<std::size_t>(value);
        return at < network.inputs.size() ? network.inputs[at].name : network.layers[at - network.inputs.size()].name;
    }

    static Shape picture_shape(const Dimensions& shape) {
        const auto axis = [&](std::size_t i) { return static_cast<int>(shape[i]); };
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
    /// True if both read the same numbers, whatever the strides of axes of one number.
    static bool agree(const View& a, const View& b) {
        if (a.first != b.first || a.shape != b.shape) return false;
        for (std::size_t i = 0; i < a.rank(); ++i)
            if (a.shape[i] != 1 && a.by[i] != b.by[i]) return false;
        return true;
    }

    /// Some channels of a picture.
    int sliced_picture(const View& view, const Shape& wanted, const std::string& name) {
        const Shape own = shape_of(view.value);
        if (own.height != wanted.height || own.width != wanted.width || wanted.channels >= own.channels ||
            view.first + wanted.channels > own.channels || view.rank() < 3)
            return none;
        View first = of_picture(view.value, view.shape);
        first.first = view.first;
        if (!agree(view, first)) return none;
        return add(name + ".slice", {.op = Op::slice, .channel = static_cast<int>(view.first)}, wanted, {view.value});
    }

    std::string constant_name(std::size_t i) const {
        const std::string& own = program.values[i].name;
        if (own.find('.') != own.npos && own.find(':') == own.npos && !own.starts_with('/')) return own;
        if (!users(i).empty()) return Names::of_node(*program.steps[users(i)[0]].call.node) + ".constant";
        return "constant";
    }

    std::vector<std::optional<View>> views_;
    std::map<int, std::vector<int>> pictures_{};  ///< of a dense value, the pictures that it is
    std::map<int, int> flattened_{};              ///< the dense value of each picture that has one
};

}  // namespace taxon::onnx::lowering
