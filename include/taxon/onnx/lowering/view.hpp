#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <taxon/core/weight_source.hpp>
#include <taxon/onnx/data_type.hpp>
#include <taxon/onnx/lowering/bounds.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx::lowering {

/// A value of the file as a way to read one of the network: where its first number lies there, and how far the next
/// one is along each axis. A picture's numbers count in the order (H, W, C).
struct View {
    int value = -1;
    Dimensions shape{};
    Dimensions by{};
    std::int64_t first = 0;
    DataType type = DataType::float32;

    std::size_t rank() const { return shape.size(); }
    std::int64_t size() const {
        std::int64_t product = 1;
        for (const std::int64_t axis : shape) product *= axis;
        return product;
    }

    /// All numbers of a value in row-major order.
    static View in_order(int value, Dimensions shape, DataType type = DataType::float32) {
        View view{value, std::move(shape), {}, 0, type};
        view.by.resize(view.shape.size());
        std::int64_t stride = 1;
        for (std::size_t i = view.shape.size(); i-- > 0; stride *= view.shape[i]) view.by[i] = stride;
        return view;
    }
    /// True if it reads the first numbers of its value one after the other.
    bool is_in_order() const {
        std::int64_t stride = 1;
        for (std::size_t i = rank(); i-- > 0; stride *= shape[i])
            if (shape[i] != 1 && by[i] != stride) return false;
        return first == 0;
    }
    /// True if it reads each of the first numbers of its value once, in the order of some axes.
    bool is_permutation() const { return first == 0 && sorted().is_in_order(); }

    /// The axes by their strides, outermost first, and before them those of one number.
    std::vector<std::size_t> order() const {
        std::vector<std::size_t> axes, longer;
        for (std::size_t i = 0; i < rank(); ++i) (shape[i] == 1 ? axes : longer).push_back(i);
        std::stable_sort(longer.begin(), longer.end(),
                         [&](std::size_t a, std::size_t b) { return std::abs(by[a]) > std::abs(by[b]); });
        axes.insert(axes.end(), longer.begin(), longer.end());
        return axes;
    }
    View sorted() const { return transposed(order()); }

    View transposed(const std::vector<std::size_t>& axes) const {
        View view{value, {}, {}, first, type};
        for (const std::size_t axis : axes) view.shape.push_back(shape[axis]), view.by.push_back(by[axis]);
        return view;
    }
    /// `count` places of an axis, every `step`th from `begin` on.
    View sliced(std::size_t axis, std::int64_t begin, std::int64_t step, std::int64_t count) const {
        View view = *this;
        view.first += begin * by[axis];
        view.by[axis] *= step;
        view.shape[axis] = count;
        return view;
    }
    View without_axis(std::size_t axis) const {
        View view = *this;
        view.shape.erase(view.shape.begin() + static_cast<std::ptrdiff_t>(axis));
        view.by.erase(view.by.begin() + static_cast<std::ptrdiff_t>(axis));
        return view;
    }
    /// Repeated along axes of size 1 and new first ones.
    View broadcast(const Dimensions& wide) const {
        View view{value, wide, Dimensions(wide.size()), first, type};
        for (std::size_t i = 0; i < rank(); ++i) {
            const std::size_t to = wide.size() - rank() + i;
            view.by[to] = shape[i] == 1 && wide[to] != 1 ? 0 : by[i];
        }
        return view;
    }
    /// The same numbers along other axes; nothing if no strides lead through them in that order.
    std::optional<View> reshaped(const Dimensions& wanted) const {
        Dimensions sizes, strides;  // axes of one number have none, and neighbours in order are one
        for (std::size_t i = 0; i < rank(); ++i) {
            if (shape[i] == 1) continue;
            if (!sizes.empty() && strides.back() == by[i] * shape[i]) sizes.back() *= shape[i], strides.back() = by[i];
            else sizes.push_back(shape[i]), strides.push_back(by[i]);
        }
        View view{value, wanted, Dimensions(wanted.size()), first, type};
        std::size_t at = sizes.size();
        std::int64_t left = 1, stride = 1;
        for (std::size_t i = wanted.size(); i-- > 0;) {
            if (wanted[i] == 1) continue;
            if (left == 1) {
                if (at == 0) return std::nullopt;
                left = sizes[--at], stride = strides[at];
            }
            if (left % wanted[i] != 0) return std::nullopt;
            view.by[i] = stride;
            stride *= wanted[i], left /= wanted[i];
        }
        return view;
    }
};

/// What a view reads, put somewhere in another value.
struct Piece {
    View from;
    Dimensions begin;
};
/// A value that was put together of pieces.
struct Concatenation {
    View whole{};
    std::vector<Piece> pieces{};
};

}  // namespace taxon::onnx::lowering
