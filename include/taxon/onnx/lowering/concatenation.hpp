#pragma once
#include <taxon/onnx/lowering/movement.hpp>

/// Concat, of which several in a row are one.
namespace taxon::onnx::lowering {

/// Where a view that reads some places of a value, in their order, begins in the value's own view; nothing if it does
/// not.
inline std::optional<Dimensions> begin_in(const View& whole, const View& part) {
    if (part.rank() != whole.rank()) return std::nullopt;
    Dimensions begin(part.rank());
    std::int64_t rest = part.first - whole.first;
    for (const std::size_t axis : whole.order()) {
        if (part.shape[axis] > 1 && part.by[axis] != whole.by[axis]) return std::nullopt;
        if (whole.shape[axis] == 1) continue;
        begin[axis] = rest / whole.by[axis], rest %= whole.by[axis];
        if (begin[axis] + part.shape[axis] > whole.shape[axis]) return std::nullopt;
    }
    return rest == 0 ? std::optional(begin) : std::nullopt;
}

/// A view as the pieces that it was put together of, if it was: a shift along two axes is four pieces of one value.
inline void add_pieces(const Lowering& to, const View& view, const Dimensions& begin, std::vector<Piece>& pieces) {
    const auto made = to.concatenations.find(view.value);
    const auto place = made == to.concatenations.end() ? std::nullopt : begin_in(made->second.whole, view);
    constexpr std::size_t most = 16;
    if (!place || made->second.pieces.size() > most) return void(pieces.push_back({view, begin}));
    for (const Piece& inner : made->second.pieces) {
        Piece piece{inner.from, begin};
        bool any = true;
        for (std::size_t axis = 0; axis < view.rank(); ++axis) {
            const std::int64_t own = inner.begin[axis], first = std::max((*place)[axis], own),
                               last = std::min((*place)[axis] + view.shape[axis], own + inner.from.shape[axis]);
            any = any && first < last;
            piece.from = piece.from.sliced(axis, first - own, 1, last - first);
            piece.begin[axis] += first - (*place)[axis];
        }
        if (any) pieces.push_back(piece);
    }
}

/// Operands side by side along an axis: channels of pictures, or else pieces in the order in which the first one lies.
inline void lower_concat(const Operation& o) {
    std::vector<View> pieces;
    const std::size_t rank = o.shape().size(), axis = o.call().axis(o.call().integer("axis", 0), rank);
    for (std::size_t i = 0; i < o.step.inputs.size(); ++i)
        if (o.to.value(o.step.inputs[i]).shape[axis] > 0) pieces.push_back(o.operand(i));
    const auto is_channels = [&](const View& piece) {
        return o.to.is_picture(piece.value) && piece.shape[0] == 1 &&
               piece.by[1] == (piece.shape[1] == 1 ? piece.by[1] : 1);
    };
    if (axis == 1 && (rank == 3 || rank == 4) && o.shape()[0] == 1 && std::ranges::all_of(pieces, is_channels)) {
        std::vector<int> pictures;
        for (const View& piece : pieces) pictures.push_back(o.to.picture(piece, o.name()));
        const int value = o.to.add({.name = o.name(),
                                    .node = {.op = Op::concat},
                                    .out = Lowering::picture_shape(o.shape()),
                                    .operands = pictures,
                                    .shape = o.shape()});
        return o.define(o.to.of_picture(value, o.shape()));
    }
    std::size_t largest = 0;
    for (std::size_t i = 1; i < pieces.size(); ++i)
        if (pieces[i].size() > pieces[largest].size()) largest = i;
    const std::vector<std::size_t> order = o.to.in_dense(pieces[largest]).order();
    Dimensions sizes;
    for (const std::size_t one : order) sizes.push_back(o.shape()[one]);
    const View ordered = View::in_order(0, sizes);
    View whole{0, o.shape(), Dimensions(rank)};
    for (std::size_t i = 0; i < rank; ++i) whole.by[order[i]] = ordered.by[i];
    std::vector<Piece> all;
    Dimensions begin(rank);
    for (const View& piece : pieces) {
        add_pieces(o.to, piece, begin, all);
        begin[axis] += piece.shape[axis];
    }
    std::vector<std::pair<View, View>> placed;
    for (const Piece& piece : all) {
        View target = whole;
        for (std::size_t i = 0; i < rank; ++i) target = target.sliced(i, piece.begin[i], 1, piece.from.shape[i]);
        placed.emplace_back(piece.from.transposed(order), target.transposed(order));
    }
    whole.value = assembled(o, o.name(), o.shape(), placed);
    o.to.concatenations[whole.value] = {whole, std::move(all)};
    o.define(whole);
}

}  // namespace taxon::onnx::lowering
