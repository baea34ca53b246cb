#pragma once
#include <map>
#include <set>
#include <taxon/onnx/exporter/dense/read.hpp>

namespace taxon::onnx {

namespace detail {

/// The pieces of an assembly as boxes of a tensor, put together by Concat and Pad along its axes.
class Assembly {
  public:
    Assembly(Exporter& exporter, const Node& node)
        : exporter_(exporter), node_(node), path_(exporter.graph.name(node)) {
        for (int i = 0; i < node.operand_count; ++i) constant_ = constant_ && exporter.operand(node, i)->constant;
    }

    ValueRef exported() {
        bool known = true;
        for (int i = 0; i < node_.operand_count; ++i) known = known && exporter_.operand(node_, i)->numbers;
        if (known) return of_constants();
        if (find_axes() && find_pieces()) {
            std::vector<const Piece*> all;
            for (const Piece& piece : pieces_) all.push_back(&piece);
            const std::string whole = together(Integers(axes_.size(), 0), axes_, all);
            if (!whole.empty()) return dense_value(exporter_, node_, whole, axes_, constant_);
        }
        return gathered();
    }

  private:
    struct Piece {
        const ValueRef* from;
        Reading reading;
        Integers begin;
        std::int64_t end(std::size_t axis) const { return begin[axis] + reading.sizes[axis]; }
    };

    const LoopNest& nest(int i) const { return exporter_.graph.nest(node_, i); }
    std::int64_t count() const { return node_.out.size(); }

    ValueRef of_constants() const {
        std::vector<float> numbers(Exporter::index(node_.out.size()), static_cast<float>(nest(0).first));
        for (int i = 0; i < node_.operand_count; ++i) {
            const std::vector<float>& from = *exporter_.operand(node_, i)->numbers;
            nest(i).walk(0, nest(i).rank, std::array{nest(i).operands[0], nest(i).out},
                         [&](int, const auto& at) { numbers[Exporter::index(at[1])] = from[Exporter::index(at[0])]; });
        }
        return dense_constant(exporter_, node_, path_, std::move(numbers));
    }

    /// Those that the strides of all pieces cut the result into.
    bool find_axes() {
        std::set<std::int64_t, std::greater<>> strides;
        for (int i = 0; i < node_.operand_count; ++i)
            for (std::size_t axis = 0; axis < Exporter::index(nest(i).rank); ++axis)
                if (nest(i).sizes[axis] > 1) {
                    if (nest(i).out.by[axis] <= 0) return false;
                    strides.insert(nest(i).out.by[axis]);
                }
        std::int64_t left = count();
        for (const std::int64_t by : strides) {
            if (left % by != 0) return false;
            axes_.push_back(left / by);
            left = by;
        }
        if (left > 1 || axes_.empty()) axes_.push_back(left);
        return true;
    }

    /// Each as a box of the axes; one that runs on over several of them has more axes then.
    bool find_pieces() {
        const std::size_t rank = axes_.size();
        Integers units(rank, 1);
        for (std::size_t j = rank; j-- > 1;) units[j - 1] = units[j] * axes_[j];
        for (int i = 0; i < node_.operand_count; ++i) {
            Piece piece{&exporter_.operand(node_, i), {}, Integers(rank)};
            piece.reading.sizes.assign(rank, 1), piece.reading.by.assign(rank, 0);
            piece.reading.first = nest(i).operands[0].first;
            for (std::size_t j = 0; j < rank; ++j) piece.begin[j] = nest(i).out.first / units[j] % axes_[j];
            for (std::size_t axis = 0; axis < Exporter::index(nest(i).rank); ++axis) {
                std::int64_t size = nest(i).sizes[axis], by = nest(i).operands[0].by[axis];
                if (size == 1) continue;
                std::size_t j = 0;
                while (units[j] != nest(i).out.by[axis]) ++j;
                for (;; --j) {
                    if (piece.reading.sizes[j] != 1) return false;
                    const bool fits = piece.begin[j] + size <= axes_[j];
                    if (!fits && (j == 0 || piece.begin[j] != 0 || size % axes_[j] != 0)) return false;
                    piece.reading.sizes[j] = fits ? size : axes_[j], piece.reading.by[j] = by;
                    if (fits) break;
                    size /= axes_[j], by *= axes_[j];
                }
            }
            pieces_.push_back(std::move(piece));
        }
        return true;
    }

    /// A part of the result. Empty if no cut along an axis parts its pieces.
    std::string together(const Integers& begin, const Integers& sizes, std::vector<const Piece*> pieces) {
        GraphWriter& to = exporter_.to;
        if (pieces.size() == 1) {
            const Piece& piece = *pieces.front();
            std::string x = read_whole(exporter_, path_, *piece.from, piece.reading);
            if (!constant_) x = for_samples(exporter_, path_, *piece.from, x, piece.reading.sizes);
            if (piece.reading.sizes == sizes) return x;
            Integers before{0}, after{0};
            for (std::size_t j = 0; j < sizes.size(); ++j) {
                before.push_back(piece.begin[j] - begin[j]);
                after.push_back(begin[j] + sizes[j] - piece.end(j));
            }
            before.insert(before.end(), after.begin(), after.end());
            return to.node(path_, "Pad", {x, to.integers(before), to.real(static_cast<double>(nest(0).first))});
        }
        for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
            std::stable_sort(pieces.begin(), pieces.end(),
                             [&](const Piece* a, const Piece* b) { return a->begin[axis] < b->begin[axis]; });
            Names parts;
            Integers from = begin, part = sizes;
            std::vector<const Piece*> own;
            std::int64_t reached = 0;
            const auto close = [&](std::int64_t at) {
                part[axis] = at - from[axis];
                parts.push_back(together(from, part, own));
                from[axis] = at, own.clear();
            };
            bool cuts = false;
            for (const Piece* piece : pieces) {
                if (!own.empty() && piece->begin[axis] >= reached) cuts = true;
                own.push_back(piece), reached = std::max(reached, piece->end(axis));
            }
            if (!cuts) continue;
            own.clear(), reached = 0;
            for (const Piece* piece : pieces) {
                if (!own.empty() && piece->begin[axis] >= reached) close(piece->begin[axis]);
                own.push_back(piece), reached = std::max(reached, piece->end(axis));
            }
            close(begin[axis] + sizes[axis]);
            for (const std::string& one : parts)
                if (one.empty()) return {};
            return to.node(path_, "Concat", parts, {{"axis", static_cast<std::int64_t>(axis) + 1}});
        }
        return {};
    }

    /// All operands one after the other, and a Gather of the result's numbers among them.
    ValueRef gathered() {
        GraphWriter& to = exporter_.to;
        std::map<int, std::int64_t> starts;
        Names parts;
        std::int64_t length = 0;
        for (int i = 0; i < node_.operand_count; ++i) {
            const ValueRef& x = exporter_.operand(node_, i);
            if (!starts.emplace(exporter_.graph.operand(node_, i), length).second) continue;
            Reading all;
            all.sizes = {x->shape.size()}, all.by = {1};
            const std::string part = read(exporter_, path_, x, all);
            parts.push_back(constant_ ? part : for_samples(exporter_, path_, x, part, all.sizes));
            length += x->shape.size();
        }
        std::string numbers =
            parts.size() == 1 ? parts.front() : to.node(path_, "Concat", parts, {{"axis", std::int64_t{1}}});
        Integers places(static_cast<std::size_t>(count()), length);
        for (int i = 0; i < node_.operand_count; ++i) {
            const std::int64_t start = starts.at(exporter_.graph.operand(node_, i));
            nest(i).walk(0, nest(i).rank, std::array{nest(i).operands[0], nest(i).out},
                         [&](int, const auto& at) { places[Exporter::index(at[1])] = start + at[0]; });
        }
        if (std::find(places.begin(), places.end(), length) != places.end())
            numbers = to.node(path_, "Pad",
                              {numbers, to.integers({0, 0, 0, 1}), to.real(static_cast<double>(nest(0).first))});
        const std::string indices =
            to.raw("constant/places", DataType::int64, {count()}, std::span<const std::int64_t>(places));
        return dense_value(exporter_, node_, to.node(path_, "Gather", {numbers, indices}, {{"axis", std::int64_t{1}}}),
                           {count()}, constant_);
    }

    Exporter& exporter_;
    const Node& node_;
    std::string_view path_;
    bool constant_ = true;
    Integers axes_{};
    std::vector<Piece> pieces_{};
};

}  // namespace detail

inline ValueRef export_assemble(Exporter& exporter, const Node& node) {
    return detail::Assembly(exporter, node).exported();
}

}  // namespace taxon::onnx
