#pragma once
#include <algorithm>
#include <array>
#include <taxon/layer/dense.hpp>
#include <taxon/graph/loop_names.hpp>
#include <taxon/onnx/writer/simple_layer.hpp>

namespace taxon::onnx::writer {

/// The functions of layer/dense.hpp.
class DenseSpelling {
  public:
    explicit DenseSpelling(const LayerContext& context) : context_(context) {}

    Spelling spelled() const {
        const Node& node = context_.node();
        switch (node.op) {
            case Op::constant: return constant();
            case Op::flatten:
            case Op::picture: return bridge();
            case Op::assemble: return assembly();
            default: break;
        }
        const auto& layer = context_.layer;
        const std::size_t count = context_.operands();
        const std::size_t nests = count == 4 ? 2 : 1;  // the second one has the fourth operand's strides
        if (layer.nests.size() != nests || !layer.weights.empty() || count < 1 || count > 4 ||
            LayerContext::bare(node) != Node{.op = node.op} || rank() < 0 || rank() > Strides::most_axes)
            return {};
        Spelling call = function();
        // what all of them fill in
        LoopNest made = made_, more{.rank = made.rank, .inner = made.inner, .sizes = made.sizes};
        for (std::size_t i = 0; i < count; ++i) {
            (i < 3 ? made.operands[i] : more.operands[0]) = strides_of(i);
            if (!fits(strides_of(i), rank())) return {};
        }
        made.operand_count = static_cast<int>(count), made.result_count = layer.out.size();
        const bool is_same = made == nest() && (count < 4 || more == layer.nests[1]);
        return call && is_same && layer.out == dense::numbers(layer.out.size()) ? call : Spelling{};
    }

  private:
    const LoopNest& nest() const { return context_.layer.nests[0]; }
    int rank() const { return nest().rank; }

    Expression begin(const char* name) const {
        Expression call(name);
        call << "(t, ";
        call.name(context_.layer.name);
        return call;
    }
    static Expression sizes(const LoopNest& nest) { return braced(nest.sizes, nest.rank); }
    /// Strides between braces, and the first number unless it is 0.
    static Expression strides(const Strides& of, int rank) {
        Expression text = braced(of.by, rank, "Stride");
        return of.first == 0 ? text : text << ", " << number(of.first, "First");
    }
    const Strides& strides_of(std::size_t operand) const {
        return operand < 3 ? nest().operands[operand] : context_.layer.nests[1].operands[0];
    }
    /// A value, and how its numbers lie unless that is in the order of all axes.
    Expression operand(std::size_t number, const Strides& by, const LoopNest& of) const {
        Expression value;
        value.value(context_.layer.operands[number]);
        if (by == dense::detail::in_order(of, of.rank)) return value;
        return Expression("{") << value << ", " << strides(by, of.rank) << "}";
    }
    Expression operand(std::size_t number) const { return operand(number, strides_of(number), nest()); }
    Expression all_operands() const {
        std::vector<Expression> all;
        for (std::size_t i = 0; i < context_.operands(); ++i) all.push_back(operand(i));
        return Expression("{") << listed(all) << "}";
    }
    /// True if strides are along the first `rank` axes alone.
    static bool fits(const Strides& of, int rank) {
        return std::all_of(of.by.begin() + rank, of.by.end(), [](int by) { return by == 0; });
    }

    Spelling constant() const {
        const auto& weights = context_.layer.weights;
        if (context_.operands() != 0 || weights.size() != 1 || weights[0].shape.size() > 4) return {};
        int count = 1;
        Expression call = begin("dense::constant");
        for (const int size : weights[0].shape) call << ", " << number(size), count *= size;
        if (!context_.makes({.op = Op::constant}, dense::numbers(count)) || !context_.has({{"", weights[0].shape}}))
            return {};
        return call << ")";
    }

    Spelling bridge() const {
        const Node& node = context_.node();
        if (context_.operands() != 1 || !context_.has({})) return {};
        const bool flattens = node.op == Op::flatten;
        const Shape in = context_.in(), made = flattens ? dense::numbers(in.size()) : context_.layer.out;
        if (!context_.makes({.op = node.op, .channels_last = node.channels_last}, made) || in.size() != made.size())
            return {};
        Expression call = begin(flattens ? "dense::flatten" : "dense::picture") << ", ";
        call.value(context_.layer.operands[0]);
        if (!flattens) call << ", " << shape(made);
        return call << (node.channels_last ? ")" : ", false)");
    }

    Spelling assembly() const {
        const auto& layer = context_.layer;
        if (layer.nests.empty() || layer.nests.size() != layer.operands.size() || layer.nests.size() > 64 ||
            !layer.weights.empty() || LayerContext::bare(layer.node) != Node{.op = Op::assemble} ||
            layer.out != dense::numbers(layer.out.size()))
            return {};
        std::vector<Expression> pieces;
        for (std::size_t i = 0; i < layer.nests.size(); ++i) {
            const LoopNest& one = layer.nests[i];
            if (one.rank < 0 || one.rank > Strides::most_axes) return {};
            LoopNest made{.rank = one.rank, .sizes = one.sizes, .out = one.out};
            made.operands[0] = one.operands[0], made.first = layer.nests[0].first;
            made.operand_count = 1, made.result_count = layer.out.size();
            if (made != one || !fits(one.out, one.rank) || !fits(one.operands[0], one.rank)) return {};
            pieces.push_back(Expression("{") << operand(i, one.operands[0], one) << ", " << sizes(one) << ", "
                                             << strides(one.out, one.rank) << "}");
        }
        Expression call = begin("dense::assemble")
                          << ", " << number(layer.out.size()) << ", {" << listed(pieces) << "}";
        if (layer.nests[0].first != Real()) call << ", " << text_of(layer.nests[0].first);
        return call << ")";
    }

    /// Everything with one nest; `made_` becomes what the function makes of the same arguments.
    Spelling function() const {
        const LoopNest& of = nest();
        if (of.inner < 0 || of.inner > of.rank) return {};
        for (int i = of.rank; i < Strides::most_axes; ++i)
            if (of.sizes[static_cast<std::size_t>(i)] != 0) return {};
        const auto in_order = [&](int axes) { return dense::detail::in_order(of, axes); };
        const auto last_arguments = [](Expression& call, std::vector<std::pair<Expression, bool>> arguments) {
            while (!arguments.empty() && arguments.back().second) arguments.pop_back();
            for (const auto& [argument, is_default] : arguments) call << ", " << argument;
            return call << ")";
        };
        made_ = {.rank = of.rank, .inner = of.inner, .sizes = of.sizes, .out = in_order(of.rank)};
        const std::size_t count = context_.operands();
        const int outer = of.rank - of.inner;
        switch (context_.node().op) {
            case Op::map: {
                made_.map = of.map, made_.activation = of.activation, made_.inner = 0;
                if (static_cast<int>(count) != operands_of(of.map)) return {};
                if (of.map == MapFunction::copy)
                    return begin("dense::move") << ", " << sizes(of) << ", " << operand(0) << ")";
                Expression call = begin("dense::map") << ", MapFunction::" << name_of(of.map) << ", " << sizes(of)
                                                      << ", " << all_operands();
                return last_arguments(call, {{activation_value(of.activation), of.activation == Activation()}});
            }
            case Op::reduce: {
                made_.reduction = of.reduction, made_.last = of.last, made_.out = in_order(outer);
                if (count != 1) return {};
                Expression call = begin("dense::reduce")
                                  << ", Reduction::" << name_of(of.reduction) << ", " << sizes(of) << ", "
                                  << std::to_string(of.inner) << ", " << operand(0);
                return last_arguments(call, {{"true", !of.last}});
            }
            case Op::row: {
                made_.row = of.row, made_.first = of.first, made_.last = of.last, made_.reverse = of.reverse;
                made_.inner = 1;
                const bool is_ordered = of.out == made_.out;
                if (!is_ordered && (of.out.first != 0 || !fits(of.out, of.rank))) return {};
                const Expression to = is_ordered ? "{}" : braced(of.out.by, of.rank, "Stride");
                made_.out = of.out;
                Expression call = begin("dense::row") << ", RowFunction::" << name_of(of.row) << ", " << sizes(of)
                                                      << ", " << all_operands();
                return last_arguments(call, {{to, is_ordered},
                                             {text_of(of.first), of.first == Real()},
                                             {text_of(of.last), !of.last},
                                             {"true", !of.reverse}});
            }
            case Op::matrix_product:
            case Op::scaled_dot_product: {
                const bool attends = context_.node().op == Op::scaled_dot_product;
                made_.first = of.first, made_.out = in_order(outer);
                const bool is_ordered = of.out == made_.out;
                if (!is_ordered && (of.out.first != 0 || !fits(of.out, outer))) return {};
                const Expression to = is_ordered ? "{}" : braced(of.out.by, outer, "Stride");
                made_.out = of.out;
                if (attends) {
                    if (count < 3 || of.inner != 2 || of.rank < 4 || of.rank > 7) return {};
                    Expression call = begin("dense::scaled_dot_product")
                                      << ", " << sizes(of) << ", " << all_operands() << ", " << text_of(of.first);
                    return last_arguments(call, {{to, is_ordered}});
                }
                if (count != 2) return {};
                Expression call = begin("dense::matrix_product")
                                  << ", " << sizes(of) << ", " << std::to_string(of.inner) << ", " << operand(0) << ", "
                                  << operand(1);
                return last_arguments(call, {{to, is_ordered}, {text_of(of.first), of.first == Real(1)}});
            }
            case Op::gather:
                made_.limit = of.limit, made_.step = of.step, made_.inner = 0;
                if (count != 2) return {};
                return begin("dense::gather") << ", " << sizes(of) << ", " << operand(0) << ", " << operand(1) << ", "
                                              << number(of.limit, "Limit") << ", " << number(of.step, "Step") << ")";
            case Op::scatter:
                made_.scatter = of.scatter, made_.limit = of.limit, made_.step = of.step, made_.inner = 0;
                made_.out = of.out;
                if (count != 3 || of.out.first != 0 || !fits(of.out, of.rank) || of.operands[0] != in_order(of.rank) ||
                    context_.layer.out != context_.in(0))
                    return {};
                return begin("dense::scatter")
                       << ", Scatter::" << name_of(of.scatter) << ", " << sizes(of) << ", " << operand(0) << ", "
                       << operand(1) << ", " << operand(2) << ", " << braced(of.out.by, of.rank, "Stride") << ", "
                       << number(of.limit, "Limit") << ", " << number(of.step, "Step") << ")";
            case Op::sort:
                made_.limit = of.limit, made_.last = of.last, made_.reverse = of.reverse, made_.inner = 1;
                if (count != 1) return {};
                return begin("dense::sort")
                       << ", " << sizes(of) << ", " << operand(0) << ", " << number(of.limit, "Count") << ", "
                       << text_of(of.last) << ", " << text_of(of.reverse) << ")";
            case Op::recurrent: {
                made_.cell = of.cell, made_.reverse = of.reverse, made_.inner = 0, made_.out = {};
                if (count != 3 || of.rank != 4) return {};
                for (std::size_t i = 0; i < 3; ++i)
                    if (of.operands[i] != Strides()) return {};
                Expression call = begin("dense::recurrent") << ", Cell::" << name_of(of.cell);
                for (std::size_t i = 0; i < 4; ++i) call << ", " << number(of.sizes[i]);
                for (const int value : context_.layer.operands) (call << ", ").value(value);
                return last_arguments(call, {{"true", !of.reverse}});
            }
            default: return {};
        }
    }

    const LayerContext& context_;
    mutable LoopNest made_{};
};

}  // namespace taxon::onnx::writer
