#pragma once
#include <taxon/onnx/exporter/dense/box.hpp>
#include <utility>

namespace taxon::onnx::detail {

/// A dense value's tensor, or a table's.
inline std::string tensor_of(Exporter& exporter, const ValueRef& x) {
    return exporter.as(x, x->name(Layout::table).empty() || !x->name(Layout::dense).empty() ? Layout::dense
                                                                                            : Layout::table);
}
inline Integers axes_of(const ValueRef& x) {
    if (x->name(Layout::dense).empty() && !x->picture) return {x->shape.height, x->shape.channels};
    return x->axes;
}

/// A value's tensor as (N, axes).
inline std::string with_axes(Exporter& exporter, std::string_view path, const ValueRef& x, const Integers& axes) {
    const std::int64_t samples = x->constant ? 1 : exporter.batch();
    Integers shape{samples}, own{samples};
    const Integers own_axes = axes_of(x);
    shape.insert(shape.end(), axes.begin(), axes.end());
    own.insert(own.end(), own_axes.begin(), own_axes.end());
    return reshaped(exporter, path, tensor_of(exporter, x), x->merged ? Integers{} : own, shape);
}

/// A constant's numbers under its own name, (1, sizes), or of another shape of as many.
inline std::string read_constant(Exporter& exporter, const ValueRef& x, const Reading& reading, Integers shape) {
    std::string key = x->path;
    for (const Integers* list : {&reading.sizes, &reading.by, static_cast<const Integers*>(&shape)}) {
        key += "\n";
        for (const std::int64_t number : *list) key.append(std::to_string(number)).append(" ");
    }
    return exporter.made_once(key + "\n" + std::to_string(reading.first), [&] {
        std::vector<float> numbers;
        for (const std::int64_t place : reading.places())
            numbers.push_back((*x->numbers)[static_cast<std::size_t>(place)]);
        return exporter.to.initializer(x->path, std::move(shape), std::move(numbers));
    });
}

/// The channels of a picture that are all that a reading reads, if they have a tensor of their own, and how it reads
/// that.
inline std::optional<std::pair<ValueRef, Reading>> part_of(const Exporter& exporter, const ValueRef& x,
                                                           const Reading& reading) {
    if (!x->picture || x->picture->made() || x->picture_layout == Layout::planes) return std::nullopt;
    const std::int64_t channels = x->picture->shape.channels;
    std::int64_t lowest = reading.first % channels, highest = lowest, before = 0;
    for (std::size_t i = 0; i < reading.by.size(); ++i)
        if (reading.by[i] % channels != 0)
            (reading.by[i] < 0 ? lowest : highest) += reading.by[i] * (reading.sizes[i] - 1);
    for (const ValueRef& part : x->picture->parts) {
        const std::int64_t own = part->shape.channels;
        if (lowest >= before && highest < before + own) {
            Reading of_part = reading;
            of_part.first = reading.first / channels * own + reading.first % channels - before;
            for (std::int64_t& by : of_part.by)
                if (by % channels == 0) by = by / channels * own;
            const auto numbers = std::make_shared<ExportedValue>(
                ExportedValue{part->path, {static_cast<int>(x->shape.size() / channels * own)}});
            const Integers sizes = exporter.sizes(part->shape, x->picture_layout);
            numbers->axes.assign(sizes.begin() + 1, sizes.end());
            numbers->merged = x->merged, numbers->picture = part, numbers->picture_layout = x->picture_layout;
            return std::pair(numbers, of_part);
        }
        before += own;
    }
    return std::nullopt;
}

/// What a reading reads: (N, sizes), or (1, sizes) of a constant, with 1 for axes that repeat numbers. `shape`: other
/// sizes of as many numbers. A part of the tensor, in another order, where it has axes for that or can be given some;
/// else a Gather of all places.
inline std::string read(Exporter& exporter, std::string_view path, const ValueRef& x, const Reading& reading,
                        std::optional<Integers> shape = std::nullopt) {
    const Integers sizes = shape.value_or(reading.own_sizes());
    if (x->numbers) {
        Integers all{1};
        all.insert(all.end(), sizes.begin(), sizes.end());
        return read_constant(exporter, x, reading, std::move(all));
    }
    const std::int64_t samples = x->constant ? 1 : exporter.batch(), count = x->shape.size();
    if (const auto part = part_of(exporter, x, reading)) return read(exporter, path, part->first, part->second, shape);
    if (reading.is_in_order(count)) return with_axes(exporter, path, x, sizes);
    GraphWriter& to = exporter.to;
    std::vector<Integers> ways{axes_of(x)};
    if (x->merged) ways.clear();
    if (auto axes = Box::axes_for(reading, count)) ways.push_back(*axes);
    for (const Integers& axes : ways)
        if (const auto box = Box::of(reading, axes))
            return taken(exporter, path, with_axes(exporter, path, x, axes), *box, sizes, samples);
    // from the lowest place on
    Reading own = reading;
    std::int64_t lowest = reading.first;
    for (std::size_t i = 0; i < own.by.size(); ++i) lowest += std::min<std::int64_t>(0, own.by[i] * (own.sizes[i] - 1));
    own.first -= lowest;
    const std::vector<std::size_t> order = own.order();
    const std::int64_t length = order.empty() ? 1 : std::abs(own.by[order[0]]) * own.sizes[order[0]];
    if (const auto axes = Box::axes_for(own, length))
        if (const auto box = Box::of(own, *axes)) {
            const std::int64_t end = std::min(lowest + length, count);
            std::string part = exporter.sliced(path, with_axes(exporter, path, x, {count}), 1, lowest, end);
            if (end - lowest < length)
                part = to.node(path, "Pad", {part, to.integers({0, 0, 0, length - (end - lowest)}), to.real(0)});
            Integers cut{samples};
            cut.insert(cut.end(), axes->begin(), axes->end());
            return taken(exporter, path, reshaped(exporter, path, part, {samples, length}, cut), *box, sizes, samples);
        }
    const Integers places = reading.places();
    const std::string indices = to.raw("constant/places", DataType::int64, sizes, std::span(places));
    return to.node(path, "Gather", {with_axes(exporter, path, x, {count}), indices}, {{"axis", std::int64_t{1}}});
}

/// The same with numbers repeated: (N, sizes), or `shape`.
inline std::string read_whole(Exporter& exporter, std::string_view path, const ValueRef& x, const Reading& reading,
                              std::optional<Integers> shape = std::nullopt) {
    if (!reading.repeats()) return read(exporter, path, x, reading, std::move(shape));
    const std::string wide = widened(exporter, path, read(exporter, path, x, reading), reading.sizes);
    if (!shape) return wide;
    Integers from = reading.sizes;
    for (Integers* sizes : {&from, &*shape}) sizes->insert(sizes->begin(), x->constant ? 1 : exporter.batch());
    return reshaped(exporter, path, wide, from, *shape);
}

}  // namespace taxon::onnx::detail
