#pragma once
#include <taxon/onnx/lowering/movement.hpp>
#include <taxon/onnx/operator/resize.hpp>

/// Resize and Upsample: of a picture by the library's own layers where their rules give the same weights, otherwise one
/// axis after the other.
namespace taxon::onnx::lowering {

/// True if neighbours by `how` have the weights that the operator gives, for every place of an axis.
inline bool fits(const Operation& o, const Resizing& how, Real step, const resize::Axis& axis) {
    constexpr double most_difference = 1e-4;  // shares are rounded to floats at places up to some thousands
    for (std::int64_t i = 0; i < axis.to; ++i) {
        const Neighbours own = how.neighbours(step, int_of(i), int_of(axis.from));
        std::map<std::int64_t, double> difference{};
        difference[own.first] += 1 - static_cast<double>(own.share);
        difference[own.second] += static_cast<double>(own.share);
        for (const resize::Tap& tap : resize::taps_of(o.call(), i, axis)) difference[tap.place] -= tap.weight;
        for (const auto& [place, weight] : difference)
            if (std::fabs(weight) > most_difference) return false;
    }
    return true;
}

/// By a layer over pictures, if there is one of the same rule.
inline std::optional<View> resized_picture(const Operation& o, const View& x, const std::vector<resize::Axis>& axes) {
    if ((x.rank() != 4 && x.rank() != 3) || x.shape[0] != 1 || o.shape()[1] != x.shape[1]) return std::nullopt;
    const resize::Axis &across = axes.back(), down = x.rank() == 4 ? axes[2] : resize::Axis{1, 1, 1};
    for (const auto& [interpolation, aligned] :
         {std::pair(Interpolation::nearest, false), std::pair(Interpolation::nearest_exact, false),
          std::pair(Interpolation::bilinear, false), std::pair(Interpolation::bilinear, true)}) {
        Resizing how{.interpolation = interpolation, .aligns_corners = aligned};
        const auto step_of = [&](const resize::Axis& axis) {
            return how.step(int_of(axis.from), int_of(axis.to), axis.scale);
        };
        how.y_step = step_of(down), how.x_step = step_of(across);
        if (!fits(o, how, how.y_step, down) || !fits(o, how, how.x_step, across)) continue;
        const int source = o.to.picture(x, o.name());
        const std::int64_t factor = across.to / across.from;
        const bool replicates = interpolation == Interpolation::nearest && x.rank() == 4 && factor > 1 &&
                                across.to == factor * across.from && down.to == factor * down.from;
        const Node node =
            replicates ? Node{.op = Op::upsample, .stride = int_of(factor)} : Node{.op = Op::resize, .resizing = how};
        const int value = o.to.add({.name = o.name(),
                                    .node = node,
                                    .out = Lowering::picture_shape(o.shape()),
                                    .operands = {source},
                                    .shape = o.shape()});
        return o.to.of_picture(value, o.shape());
    }
    return std::nullopt;
}

/// An axis times a constant matrix (new, old).
inline View multiplied(const Operation& o, const std::string& name, const View& view, std::size_t axis,
                       const Tensor& matrix) {
    const View x = o.to.in_dense(view), weights = o.to.constant_view(matrix, name + ".weights");
    const std::int64_t rows = matrix.shape()[0], columns = matrix.shape()[1];
    View a = x, b{weights.value, x.shape, Dimensions(x.rank())};
    a.by[axis] = 0, b.by[axis] = columns;
    a.shape[axis] = b.shape[axis] = rows;
    const View result = View::in_order(0, a.shape);
    a.shape.push_back(columns), a.by.push_back(x.by[axis]);
    b.shape.push_back(columns), b.by.push_back(1);
    LoopNest nest = nest_of(a.shape, 1, {a, b});
    nest.first = 1;
    return View::in_order(
        o.to.add_dense(name, Op::matrix_product, nest, result.size(), {a.value, b.value}, result.shape), result.shape);
}

/// A crop's own number at places beyond the input.
inline View with_number_beyond(const Operation& o, const std::string& name, const View& x, std::size_t d,
                               const resize::Axis& axis) {
    // places move evenly, so the first or the last one is the farthest
    if (!resize::is_beyond(o.call(), 0, axis) && !resize::is_beyond(o.call(), axis.to - 1, axis)) return x;
    Dimensions shape(x.rank(), 1);
    shape[d] = axis.to;
    const View beyond = o.to.numbered_view(shape, DataType::boolean, name + ".outside",
                                           [call = o.call(), model = o.to.program.model, axis](std::int64_t i) {
                                               return resize::is_beyond(call, i, axis);
                                           });
    const double number = o.call().number("extrapolation_value", 0);
    return o.to.map(name + ".beyond", MapFunction::where, x.shape,
                    {beyond, o.to.constant_view(number, name + ".number"), x});
}

/// The elements that are nearest to the new places.
inline View nearest(const Operation& o, const std::string& name, const View& x, std::size_t d,
                    const resize::Axis& axis) {
    // the model keeps the node
    return gathered(o, name, x, d, axis.to, [call = o.call(), model = o.to.program.model, axis](std::int64_t i) {
        return resize::taps_of(call, i, axis)[0].place;
    });
}
/// (new, old)
inline Tensor weights_of(const Operation& o, const resize::Axis& axis) {
    constexpr std::int64_t most = std::int64_t{1} << 24;  // numbers
    if (axis.from > most / axis.to)
        o.refuse("a matrix of " + io::to_string(Dimensions{axis.to, axis.from}) + " weights", "fewer of them");
    const auto fill = [call = o.call(), model = o.to.program.model, axis](std::span<float> to) {
        for (std::int64_t i = 0; i < axis.to; ++i)
            for (const resize::Tap& tap : resize::taps_of(call, i, axis))
                to[static_cast<std::size_t>(i * axis.from + tap.place)] += static_cast<float>(tap.weight);
    };
    return Lowering::late_floats({axis.to, axis.from}, 0, fill);
}
/// The weights of each place are looked at, which takes up to 0.4 us.
inline void require_size(const Operation& o, const resize::Axis& axis) {
    constexpr std::int64_t most = std::int64_t{1} << 20;
    if (axis.moves() && std::max(axis.from, axis.to) > most)
        o.refuse("an axis of " + std::to_string(std::max(axis.from, axis.to)) + " places",
                 "at most " + std::to_string(most));
}

inline void lower_resize(const Operation& o) {
    View x = o.operand(0);
    const std::vector<resize::Axis> axes = resize::axes_of(o.call());
    for (const resize::Axis& axis : axes) require_size(o, axis);
    if (resize::coordinates_of(o.call()) != "tf_crop_and_resize")
        if (const auto view = resized_picture(o, x, axes)) return o.define(*view);
    for (std::size_t d = 0; d < axes.size(); ++d) {
        const resize::Axis& axis = axes[d];
        if (!axis.moves()) continue;
        const std::string name = o.name() + ".axis" + std::to_string(d);
        x = resize::mode_of(o.call()) == "nearest" ? nearest(o, name, x, d, axis)
                                                   : multiplied(o, name, x, d, weights_of(o, axis));
        x = with_number_beyond(o, name, x, d, axis);
    }
    o.define(x);
}

}  // namespace taxon::onnx::lowering
