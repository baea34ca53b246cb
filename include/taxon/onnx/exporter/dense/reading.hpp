#pragma once
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <taxon/graph/loop_nest.hpp>
#include <taxon/onnx/exporter/exporter.hpp>
#include <vector>

namespace taxon::onnx::detail {

/// How loops read a value: sizes, how far numbers are apart along each axis, and where the first one is.
struct Reading {
    Integers sizes{}, by{};
    std::int64_t first = 0;

    Reading() = default;
    /// Of some axes of a nest.
    Reading(const LoopNest& nest, const Strides& strides, const std::vector<int>& axes) : first(strides.first) {
        for (const int axis : axes) {
            const auto a = static_cast<std::size_t>(axis);
            sizes.push_back(nest.sizes[a]), by.push_back(nest.sizes[a] == 1 ? 0 : strides.by[a]);
        }
    }
    Reading(const LoopNest& nest, const Strides& strides) : Reading(nest, strides, axes_of(0, nest.rank)) {}

    static std::vector<int> axes_of(int from, int to) {
        std::vector<int> axes(Exporter::index(to - from));
        std::iota(axes.begin(), axes.end(), from);
        return axes;
    }

    /// The sizes, 1 along axes that repeat numbers.
    Integers own_sizes() const {
        Integers own = sizes;
        for (std::size_t i = 0; i < own.size(); ++i)
            if (by[i] == 0) own[i] = 1;
        return own;
    }
    /// True if all `count` numbers of a value are read one after the other.
    bool is_in_order(std::int64_t count) const {
        std::int64_t stride = 1;
        for (std::size_t i = sizes.size(); i-- > 0; stride *= sizes[i])
            if (sizes[i] != 1 && by[i] != stride) return false;
        return first == 0 && stride == count;
    }
    bool repeats() const { return own_sizes() != sizes; }
    /// Places of all numbers, in order, without those that repeat.
    Integers places() const {
        Integers all{first};
        const Integers own = own_sizes();
        for (std::size_t i = 0; i < own.size(); ++i) {
            Integers next;
            for (const std::int64_t place : all)
                for (std::int64_t k = 0; k < own[i]; ++k) next.push_back(place + k * by[i]);
            all = std::move(next);
        }
        return all;
    }
    /// The axes of more than one number, those furthest apart first.
    std::vector<std::size_t> order() const {
        std::vector<std::size_t> axes;
        for (std::size_t i = 0; i < by.size(); ++i)
            if (by[i] != 0) axes.push_back(i);
        std::stable_sort(axes.begin(), axes.end(),
                         [&](std::size_t a, std::size_t b) { return std::abs(by[a]) > std::abs(by[b]); });
        return axes;
    }
};

inline std::vector<int> joined(std::vector<int> axes, const std::vector<int>& more, const std::vector<int>& last = {}) {
    axes.insert(axes.end(), more.begin(), more.end());
    axes.insert(axes.end(), last.begin(), last.end());
    return axes;
}

inline std::int64_t product(const Integers& sizes) {
    return std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>());
}

}  // namespace taxon::onnx::detail
