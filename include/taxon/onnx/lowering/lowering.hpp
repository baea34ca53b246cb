#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <taxon/onnx/lowering/nest_of.hpp>
#include <taxon/onnx/lowering/network_builder.hpp>
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
class Lowering : public ProgramUses, public NetworkBuilder {
  public:
    explicit Lowering(const Program& source)
        : ProgramUses(source), NetworkBuilder(source.checking), views_(source.values.size()) {}

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
        const auto width = int_of(view.rank() == 0 ? 1 : view.shape.back());
        const auto count = int_of(view.size() / std::max(width, 1));
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
        const auto channels = int_of(scale.size());
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
        return add(name + ".slice", {.op = Op::slice, .channel = int_of(view.first)}, wanted, {view.value});
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
