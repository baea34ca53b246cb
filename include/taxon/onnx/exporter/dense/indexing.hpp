#pragma once
#include <taxon/onnx/exporter/dense/arranged.hpp>

namespace taxon::onnx {

namespace detail {

/// A constant's whole numbers as a gather or scatter takes them: places along the axis.
inline Integers constant_places(const ValueRef& indices, const LoopNest& nest, const Reading& reading) {
    const std::vector<float>& all = *indices->numbers;
    Integers places;
    for (const std::int64_t at : reading.places()) {
        const double index = static_cast<double>(all[static_cast<std::size_t>(at)]),
                     place = index < 0 ? index + nest.limit : index;
        places.push_back(static_cast<std::int64_t>(std::clamp(place, 0., static_cast<double>(nest.limit - 1))));
    }
    return places;
}

/// The places in a row of numbers that indices lead to from those of `from`, for each element of a nest: (N, elements).
inline std::string linear_places(Exporter& exporter, const Node& node, const ValueRef& indices, const Strides& from) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    GraphWriter& to = exporter.to;
    const Reading reading(nest, nest.operands[1]);
    const std::int64_t count = nest.outer_count();
    Integers begin;
    nest.walk(0, nest.rank, std::array{from}, [&](int, const auto& at) { begin.push_back(at[0]); });
    if (indices->numbers) {
        std::size_t i = 0;
        const std::vector<float>& all = *indices->numbers;
        nest.walk(0, nest.rank, std::array{nest.operands[1]}, [&](int, const auto& at) {
            const double index = static_cast<double>(all[Exporter::index(at[0])]),
                         place = std::clamp(index < 0 ? index + nest.limit : index, 0., nest.limit - 1.);
            begin[i++] += static_cast<std::int64_t>(place) * nest.step;
        });
        const std::string name =
            to.raw("constant/places", DataType::int64, {1, count}, std::span<const std::int64_t>(begin));
        return for_samples(exporter, path, indices, name, {count}, true);
    }
    const std::string index = cast(exporter, path, read(exporter, path, indices, reading), DataType::int64),
                      limit = to.integers({nest.limit}), zero = to.integers({0}),
                      negative = to.node(path, "Less", {index, zero}),
                      wrapped = to.node(path, "Where", {negative, to.node(path, "Add", {index, limit}), index}),
                      place =
                          to.node(path, "Min", {to.node(path, "Max", {wrapped, zero}), to.integers({nest.limit - 1})}),
                      steps = nest.step == 1 ? place : to.node(path, "Mul", {place, to.integers({nest.step})});
    Integers shape{1};
    shape.insert(shape.end(), reading.sizes.begin(), reading.sizes.end());
    const std::string start = to.raw("constant/starts", DataType::int64, shape, std::span<const std::int64_t>(begin));
    const std::string sum = exporter.reshaped(path, to.node(path, "Add", {steps, start}),
                                              {indices->constant ? 1 : exporter.batch(), count});
    return for_samples(exporter, path, indices, sum, {count}, true);
}

}  // namespace detail

/// A Gather along an axis where the indices or the numbers are constant, or there is one sample, and indices have axes
/// of their own; else a GatherElements of places that are computed.
inline ValueRef export_gather(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    const ValueRef &x = exporter.operand(node, 0), &indices = exporter.operand(node, 1);
    GraphWriter& to = exporter.to;
    std::vector<int> of_indices, of_numbers;
    bool apart = true;
    for (int axis = 0; axis < nest.rank; ++axis) {
        const auto a = Exporter::index(axis);
        if (nest.sizes[a] == 1) continue;
        (nest.operands[1].by[a] != 0 ? of_indices : of_numbers).push_back(axis);
        apart &= nest.operands[0].by[a] == 0 || nest.operands[1].by[a] == 0;
    }
    const detail::Reading index(nest, nest.operands[1], of_indices);
    detail::Reading numbers(nest, nest.operands[0], of_numbers);
    numbers.sizes.insert(numbers.sizes.begin(), nest.limit);
    numbers.by.insert(numbers.by.begin(), nest.limit == 1 ? 0 : nest.step);
    const bool one_sample = exporter.batch() == 1;
    if (apart && !numbers.repeats() && nest.step > 0 && (indices->numbers || x->numbers || one_sample)) {
        const bool table = !indices->numbers && x->numbers;
        std::string from = table ? detail::read_constant(exporter, x, numbers, numbers.sizes)
                                 : detail::read(exporter, path, x, numbers),
                    at;
        if (indices->numbers) {
            const Integers places = detail::constant_places(indices, nest, index);
            at = to.raw("constant/places", DataType::int64, index.sizes, std::span<const std::int64_t>(places));
        } else at = detail::cast(exporter, path, detail::read(exporter, path, indices, index), DataType::int64);
        std::string y = to.node(path, "Gather", {from, at}, {{"axis", std::int64_t{table ? 0 : 1}}});
        const bool constant = x->constant && indices->constant;
        Integers sizes = index.sizes;
        sizes.insert(sizes.end(), numbers.sizes.begin() + 1, numbers.sizes.end());
        if (!table && !indices->numbers) {
            Integers shape{1};
            shape.insert(shape.end(), sizes.begin(), sizes.end());
            y = exporter.reshaped(path, y, shape);
        }
        LoopNest out = nest;  // in order
        Strides strides;
        for (int axis = nest.rank, by = 1; axis-- > 0; by *= nest.sizes[Exporter::index(axis)])
            strides.by[Exporter::index(axis)] = by;
        detail::Reading result(out, strides, detail::joined(of_indices, of_numbers));
        return detail::arranged(exporter, node, y, result, constant);
    }
    const std::string flat = detail::for_samples(
        exporter, path, x, detail::with_axes(exporter, path, x, {x->shape.size()}), {x->shape.size()});
    const std::string places = detail::linear_places(exporter, node, indices, nest.operands[0]);
    return detail::dense_value(exporter, node,
                               to.node(path, "GatherElements", {flat, places}, {{"axis", std::int64_t{1}}}),
                               {nest.outer_count()});
}

/// ScatterElements into all numbers as a row.
inline ValueRef export_scatter(Exporter& exporter, const Node& node) {
    const std::string_view path = exporter.graph.name(node);
    const LoopNest& nest = exporter.graph.nest(node);
    const ValueRef &x = exporter.operand(node, 0), &indices = exporter.operand(node, 1),
                   &updates = exporter.operand(node, 2);
    const std::int64_t size = x->shape.size(), count = nest.outer_count();
    Attributes attributes{{"axis", std::int64_t{1}}};
    if (nest.scatter != Scatter::replace) {
        const bool has_operator = nest.scatter == Scatter::add || nest.scatter == Scatter::multiply;
        if (!has_operator || exporter.options.opset < 17)
            detail::refuse(exporter, node, "a scatter by " + std::string(name_of(nest.scatter)),
                           has_operator ? "opset 17, in which ONNX has it" : "one that replaces, adds or multiplies");
        attributes.push_back({"reduction", std::string(nest.scatter == Scatter::add ? "add" : "mul")});
    }
    const auto row = [&](const ValueRef& of, const detail::Reading& reading, std::int64_t length) {
        return detail::for_samples(exporter, path, of,
                                   detail::read_whole(exporter, path, of, reading, Integers{length}), {length});
    };
    detail::Reading all;
    all.sizes = {size}, all.by = {1};
    const std::string places = detail::linear_places(exporter, node, indices, nest.out);
    return detail::dense_value(
        exporter, node,
        exporter.to.node(path, "ScatterElements",
                         {row(x, all, size), places, row(updates, detail::Reading(nest, nest.operands[2]), count)},
                         attributes),
        {size});
}

}  // namespace taxon::onnx
