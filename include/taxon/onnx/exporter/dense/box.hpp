#pragma once
#include <optional>
#include <taxon/onnx/exporter/dense/reading.hpp>
#include <taxon/onnx/exporter/dense/samples.hpp>

namespace taxon::onnx::detail {

/// A part of a tensor, and its axes' order: a Slice and a Transpose.
struct Box {
    Integers axes, begin, count, step;  ///< of the tensor
    std::vector<std::size_t> from;      ///< the tensor's axes that the loops are, those that do not repeat

    /// What a reading is in a tensor of these axes; nothing if it crosses their ends.
    static std::optional<Box> of(const Reading& reading, Integers axes) {
        const std::size_t rank = axes.size();
        Box box{std::move(axes), Integers(rank), Integers(rank, 1), Integers(rank, 1), {}};
        Integers units(rank, 1);
        for (std::size_t j = rank; j-- > 1;) units[j - 1] = units[j] * box.axes[j];
        for (std::size_t j = 0; j < rank; ++j) box.begin[j] = reading.first / units[j] % box.axes[j];
        for (std::size_t i = 0; i < reading.by.size(); ++i) {
            const std::int64_t by = reading.by[i], size = reading.sizes[i];
            if (by == 0) continue;
            std::size_t j = 0;
            while (j < rank && (std::abs(by) % units[j] != 0 || std::abs(by) / units[j] >= box.axes[j])) ++j;
            if (j == rank || box.count[j] != 1) return std::nullopt;
            box.step[j] = by / units[j], box.count[j] = size;
            const std::int64_t last = box.begin[j] + box.step[j] * (size - 1);
            if (last < 0 || last >= box.axes[j]) return std::nullopt;
            box.from.push_back(j);
        }
        return box;
    }

    /// Axes of `count` numbers, cut where the strides of a reading are; nothing if these do not divide each other.
    static std::optional<Integers> axes_for(const Reading& reading, std::int64_t count) {
        Integers axes;
        for (const std::size_t i : reading.order()) {
            const std::int64_t by = std::abs(reading.by[i]);
            if (count % by != 0) return std::nullopt;
            axes.push_back(count / by);
            count = by;
        }
        if (count > 1) axes.push_back(count);
        return axes;
    }
};

/// A tensor of `shape`, (N, axes), with its axes of more than one number in this order, as `wanted`. Axes that stay
/// side by side are one where there would be more than four, which few converters transpose.
inline std::string permuted(Exporter& exporter, std::string_view path, const std::string& x, const Integers& shape,
                            Integers order, const Integers& wanted) {
    constexpr std::size_t most_axes = 4;
    const auto size_of = [&](std::int64_t axis) { return shape[static_cast<std::size_t>(axis)]; };
    order.insert(order.begin(), 0);
    for (std::int64_t axis = 1; axis < static_cast<std::int64_t>(shape.size()); ++axis)
        if (std::find(order.begin(), order.end(), axis) == order.end()) order.push_back(axis);
    Integers made;
    if (order.size() <= most_axes) {
        for (const std::int64_t axis : order) made.push_back(size_of(axis));
        return reshaped(exporter, path, exporter.transposed(path, x, order), made, wanted);
    }
    std::vector<Integers> runs;  // of axes, in the result's order
    for (const std::int64_t axis : order) {
        if (size_of(axis) == 1) continue;
        std::int64_t before = axis - 1;
        while (before >= 0 && size_of(before) == 1) --before;
        if (!runs.empty() && runs.back().back() == before) runs.back().push_back(axis);
        else runs.push_back({axis});
    }
    std::vector<std::size_t> places(runs.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) { return runs[a] < runs[b]; });
    Integers merged, perm(runs.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
        std::int64_t size = 1;
        for (const std::int64_t axis : runs[places[i]]) size *= size_of(axis);
        merged.push_back(size == 0 ? -1 : size);  // any number of samples
        perm[places[i]] = static_cast<std::int64_t>(i);
    }
    const std::string y = exporter.transposed(path, reshaped(exporter, path, x, shape, merged), perm);
    return reshaped(exporter, path, y, {}, wanted);
}

/// The numbers of a box as (N, sizes).
inline std::string taken(Exporter& exporter, std::string_view path, std::string x, const Box& box,
                         const Integers& sizes, std::int64_t samples) {
    GraphWriter& to = exporter.to;
    Integers starts, ends, axes, steps;
    for (std::size_t j = 0; j < box.axes.size(); ++j) {
        if (box.count[j] == box.axes[j] && box.step[j] == 1) continue;
        const std::int64_t end = box.begin[j] + box.step[j] * box.count[j];
        starts.push_back(box.begin[j]), axes.push_back(static_cast<std::int64_t>(j) + 1), steps.push_back(box.step[j]);
        ends.push_back(end < 0 ? -box.axes[j] - 1 : end);
    }
    if (!axes.empty()) {
        Names inputs{x, to.integers(starts), to.integers(ends), to.integers(axes)};
        if (product(steps) != 1 || *std::min_element(steps.begin(), steps.end()) < 0)
            inputs.push_back(to.integers(steps));
        x = to.node(path, "Slice", inputs);
    }
    Integers shape{samples}, order, wanted{samples};
    shape.insert(shape.end(), box.count.begin(), box.count.end());
    wanted.insert(wanted.end(), sizes.begin(), sizes.end());
    if (std::is_sorted(box.from.begin(), box.from.end())) return reshaped(exporter, path, x, shape, wanted);
    for (const std::size_t j : box.from) order.push_back(static_cast<std::int64_t>(j) + 1);
    return permuted(exporter, path, x, shape, order, wanted);
}

}  // namespace taxon::onnx::detail
