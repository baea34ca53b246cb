#pragma once
#include <taxon/onnx/lowering/operation.hpp>
#include <taxon/onnx/operator/grid_sample.hpp>

/// GridSample: a gather for each pixel that a place is made of, times its weight.
namespace taxon::onnx::lowering {

/// Along one side of the picture.
struct Sampling {
    const Operation& o;
    std::string name;
    double size;
    std::string mode = resize::sampling_of(o.call()), padding = o.call().text("padding_mode", "zeros");
    bool corners = o.call().integer("align_corners", 0) != 0;

    struct Tap {
        View place, weight;
    };

    View map(const char* what, MapFunction function, const View& a, const View& b) const {
        return o.to.map(name + what, function, a, b);
    }
    View map(const char* what, MapFunction function, const View& a, double number) const {
        return map(what, function, a, o.to.constant_view(number, name + what + ".number"));
    }
    View activate(const char* what, const View& x, Activation activation) const {
        return o.to.activate(name + what, x, activation);
    }
    View inside(const View& x) const { return activate(".inside", x, {Activation::hard_tanh, 0, size - 1}); }

    /// Mirrored at both ends until it lies inside.
    View reflected(const View& x) const {
        const double low = corners ? 0 : -0.5, span = corners ? size - 1 : size;
        if (span <= 0) return activate(".only", x, {Activation::times, 0});
        const View away = o.to.map(name + ".away", MapFunction::absolute, map(".from", MapFunction::subtract, x, low));
        const View rest = map(".rest", MapFunction::remainder, away, 2 * span);
        const View past =
            o.to.map(name + ".past", MapFunction::absolute, map(".span", MapFunction::subtract, rest, span));
        return inside(map(".mirrored", MapFunction::subtract,
                          o.to.constant_view(low + span, name + ".end").broadcast(past.shape), past));
    }

    /// Places in [−1, 1] as pixels.
    View pixels(const View& places) const {
        const View scaled = activate(".scale", places, {Activation::times, (corners ? size - 1 : size) / 2});
        const View x = map(".pixel", MapFunction::add, scaled, (size - 1) / 2);
        if (mode == "cubic" || padding == "zeros") return x;
        return padding == "border" ? inside(x) : reflected(x);
    }

    /// The pixel that a whole place stands for, and the weight, which is 0 outside.
    Tap tap(const View& place, const View& weight) const {
        if (padding == "reflection")
            return {inside(o.to.map(name + ".whole", MapFunction::round, reflected(place))), weight};
        const View kept = inside(place);
        if (padding == "border") return {kept, weight};
        return {kept, map(".kept", MapFunction::multiply, weight, map(".is_inside", MapFunction::equal, kept, place))};
    }

    /// The cubic convolution of Keys (1981), a being −3/4, at a distance.
    View cubic_weight(const View& distance, bool near) const {
        constexpr double a = -0.75;
        const auto polynomial = [&](std::initializer_list<double> factors) {
            View sum = activate(".factor", distance, {Activation::times, *factors.begin()});
            for (auto at = factors.begin() + 1; at != factors.end(); ++at) {
                sum = map(".term", MapFunction::add, sum, *at);
                if (at + 1 != factors.end()) sum = map(".power", MapFunction::multiply, sum, distance);
            }
            return sum;
        };
        return near ? polynomial({a + 2, -(a + 3), 0, 1}) : polynomial({a, -5 * a, 8 * a, -4 * a});
    }

    std::vector<Tap> taps(const View& places) const {
        const View at = pixels(places);
        const View one = o.to.constant_view(1, name + ".one").broadcast(at.shape);
        if (mode == "nearest") return {tap(o.to.map(name + ".nearest", MapFunction::round, at), one)};
        const View first = o.to.map(name + ".first", MapFunction::floor, at);
        const View distance = map(".distance", MapFunction::subtract, at, first);
        const View rest = map(".rest", MapFunction::subtract, one, distance);
        const View second = map(".second", MapFunction::add, first, 1);
        if (mode == "linear") return {tap(first, rest), tap(second, distance)};
        return {tap(map(".before", MapFunction::subtract, first, 1),
                    cubic_weight(map(".far", MapFunction::add, distance, 1), false)),
                tap(first, cubic_weight(distance, true)), tap(second, cubic_weight(rest, true)),
                tap(map(".after", MapFunction::add, first, 2),
                    cubic_weight(map(".far", MapFunction::add, rest, 1), false))};
    }
};

inline void lower_grid_sample(const Operation& o) {
    const Dimensions& shape = o.to.value(o.step.inputs[0]).shape;
    const View x = o.to.in_dense(o.reshaped(o.operand(0), {shape[0], shape[1], shape[2] * shape[3]}));
    const auto places = [&](std::int64_t i) {  // (N, 1, H', W')
        View view = o.operand(1).sliced(3, i, 1, 1).without_axis(3);
        view.shape.insert(view.shape.begin() + 1, 1), view.by.insert(view.by.begin() + 1, 0);
        return view;
    };
    const Sampling across{o, o.name() + ".across", static_cast<double>(shape[3])},
        down{o, o.name() + ".down", static_cast<double>(shape[2])};
    const auto columns = across.taps(places(0)), rows = down.taps(places(1));
    std::optional<View> sum;
    for (const Sampling::Tap& row : rows) {
        const View line = o.to.activate(o.name() + ".line", row.place, {Activation::times, across.size});
        for (const Sampling::Tap& column : columns) {
            const View at = o.map(".place", MapFunction::add, line, column.place).broadcast(o.shape());
            const View data{x.value, o.shape(), {x.by[0], x.by[1], 0, 0}, x.first};
            LoopNest nest = nest_of(o.shape(), 0, {data, at});
            nest.limit = indexed_size(x.shape[2]), nest.step = int_of(x.by[2]);
            const int value = o.to.add_dense(o.name() + ".gather", Op::gather, nest,
                                             View::in_order(0, o.shape()).size(), {x.value, at.value}, o.shape());
            const View weight = o.map(".weight", MapFunction::multiply, row.weight, column.weight);
            const View term = o.map(".times", MapFunction::multiply, View::in_order(value, o.shape()), weight);
            sum = sum ? o.map(".sum", MapFunction::add, *sum, term) : term;
        }
    }
    o.define(*sum);
}

}  // namespace taxon::onnx::lowering
