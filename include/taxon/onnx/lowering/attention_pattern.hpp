#pragma once
#include <taxon/onnx/lowering/product.hpp>
#include <taxon/onnx/lowering/trail.hpp>

/// Attention as exporters write it out: queries, keys and values by one or several products, softmax, and the last
/// product.
namespace taxon::onnx::lowering {

/// Factors or biases in a row; exporters write two or three.
inline constexpr int most_in_pattern = 8;

/// Without a factor by a number in front of a value; the same trail if there is none, or if it widens the shape.
inline Trail without_factor(const Trail& trail, double& factor) {
    for (const std::size_t i : {0u, 1u})
        if (trail.is("Mul") && trail.has_shape_of(trail.input(1 - i)))
            if (const auto number = trail.input(i).number()) {
                factor *= *number;
                return trail.input(1 - i);
            }
    if (trail.is("Div") && trail.has_shape_of(trail.input(0)))
        if (const auto number = trail.input(1).number()) {
            factor /= *number;
            return trail.input(0);
        }
    return trail;
}
/// The same, for some factors one after the other: a graph may have thousands, in front of each product.
inline Trail without_factors(Trail trail, double& factor) {
    for (int i = 0; i < most_in_pattern; ++i) {
        const Trail next = without_factor(trail, factor);
        if (next == trail) break;
        trail = next;
    }
    return trail;
}

/// A shape without first axes of one place, down to a rank.
inline Dimensions cut_to(Dimensions shape, std::size_t rank) {
    while (shape.size() > rank && shape.front() == 1) shape.erase(shape.begin());
    return shape;
}

/// What is added to the scores of an attention, as one bias: the sum of constants is one.
inline View joined_biases(const Operation& o, const std::vector<Trail>& biases, std::size_t rank) {
    const auto cut = [&](const Trail& bias) {
        const View view = o.to.view(bias.value());
        return *view.reshaped(cut_to(view.shape, rank));
    };
    View sum = cut(biases[0]);
    for (std::size_t i = 1; i < biases.size(); ++i) {
        const Tensor *a = o.to.constant(biases[i - 1].value()), *b = o.to.constant(biases[i].value());
        const View other = cut(biases[i]);
        const Dimensions shape = *onnx::broadcast(sum.shape, other.shape);
        if (a == nullptr || b == nullptr || biases.size() > 2) {
            sum = o.to.map(o.name() + ".bias", MapFunction::add, shape, {sum, other});
            continue;
        }
        const auto fill = [=, a = *a, b = *b, first = broadcast_strides(sum.shape, shape),
                           second = broadcast_strides(other.shape, shape)](std::span<float> to) {
            float* next = to.data();
            for_each_place<2>(shape, {first, second}, [&](const auto& places) {
                *next++ = static_cast<float>(a.real(static_cast<std::size_t>(places[0])) +
                                             b.real(static_cast<std::size_t>(places[1])));
            });
        };
        const int depth = std::max(a->depth(), b->depth());
        sum = o.to.constant_view(Lowering::late_floats(shape, depth, fill), o.name() + ".bias");
    }
    return sum;
}

/// Attention over (batch, queries, features of v, keys, features of q and k): see layer/dense.hpp. `out` has the
/// axes before keys.
inline View attend(Lowering& to, const std::string& name, const Dimensions& sizes, const std::vector<View>& operands,
                   View out, double factor) {
    LoopNest loops{.rank = int_of(sizes.size()), .inner = 2, .first = factor};
    LoopNest more{.rank = loops.rank, .inner = 2};
    std::vector<int> values;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        loops.sizes[i] = more.sizes[i] = int_of(sizes[i]);
        if (i + 2 < sizes.size()) loops.out.by[i] = int_of(out.by[i]);
    }
    for (std::size_t k = 0; k < operands.size(); ++k) {
        Strides& strides = k < 3 ? loops.operands[k] : more.operands[0];
        strides.first = int_of(operands[k].first);
        for (std::size_t i = 0; i < sizes.size(); ++i) strides.by[i] = int_of(operands[k].by[i]);
        values.push_back(operands[k].value);
    }
    loops.operand_count = int_of(operands.size());
    loops.result_count = int_of(out.size());
    Network::Layer layer{.name = name,
                         .node = {.op = Op::scaled_dot_product},
                         .out = Lowering::dense(out.size()),
                         .operands = std::move(values),
                         .nests = {loops},
                         .shape = out.shape};
    if (operands.size() > 3) layer.nests.push_back(more);
    out.value = to.add(std::move(layer));
    return out;
}

/// softmax(factor · q · kᵀ + bias) · v, tried at its last product. q, k and v are whatever the strides of views are.
inline bool lower_attention_pattern(const Operation& o) {
    const Trail last{o.to, o.step.outputs[0]};
    const std::size_t rank = o.shape().size();
    if (!last.is("MatMul") || !last.input(0).is("Softmax") || rank < 3 || rank > 5) return false;
    const Trail softmax = last.input(0);
    const Operation rows{o.to, *softmax.step()};
    const std::int64_t axis = rows.call().integer("axis", rows.call().opset >= 13 ? -1 : 1);
    if (rows.call().axis(axis, rank) + 1 != rank) return false;
    const Dimensions wide = o.to.value(softmax.value()).shape;
    const auto is_wide = [&](const Trail& trail) { return cut_to(o.to.value(trail.value()).shape, rank) == wide; };
    std::vector<Trail> biases;
    double factor = 1;
    Trail scores = softmax.input(0);
    for (bool found = true; found;) {
        found = false;
        if (scores.is("Reshape") && is_wide(scores.input(0))) scores = scores.input(0), found = true;
        for (const std::size_t i : {0u, 1u}) {
            if (found || !scores.is("Add") || !is_wide(scores.input(i))) continue;
            double inner = 1;
            const Trail inside = without_factors(scores.input(i), inner);
            if (!inside.is("MatMul") && !((inside.is("Add") || inside.is("Reshape")) && inner == 1)) continue;
            const Trail bias = scores.input(1 - i);
            if (cut_to(o.to.value(bias.value()).shape, rank).size() > rank) continue;
            if (biases.size() == most_in_pattern) return false;
            biases.push_back(bias), scores = scores.input(i), found = true;
        }
    }
    scores = without_factors(scores, factor);
    if (!scores.is("MatMul")) return false;
    const View q = o.to.in_dense(o.to.view(without_factors(scores.input(0), factor).value())),
               k = o.to.in_dense(o.to.view(without_factors(scores.input(1), factor).value())),
               v = o.to.in_dense(o.operand(1));
    if (q.rank() != rank || k.rank() != rank || v.rank() != rank) return false;
    const std::int64_t queries = q.shape[rank - 2], features = q.shape[rank - 1], keys = k.shape[rank - 1],
                       results = v.shape[rank - 1];
    const std::size_t batch = rank - 2;
    if (k.shape[rank - 2] != features || v.shape[rank - 2] != keys) return false;
    for (std::size_t i = 0; i < batch; ++i)
        if (q.shape[i] != o.shape()[i] || k.shape[i] != o.shape()[i] || v.shape[i] != o.shape()[i]) return false;
    // (batch, queries, features of v, keys, features of q and k)
    Dimensions sizes(o.shape().begin(), o.shape().end() - 2);
    sizes.insert(sizes.end(), {queries, results, keys, features});
    const auto along = [&](const View& view, std::int64_t of_query, std::int64_t of_result, std::int64_t of_key,
                           std::int64_t of_feature) {
        View all{view.value, sizes, Dimensions(view.by.begin(), view.by.begin() + static_cast<std::ptrdiff_t>(batch)),
                 view.first};
        all.by.insert(all.by.end(), {of_query, of_result, of_key, of_feature});
        return all;
    };
    std::vector<View> operands{along(q, q.by[rank - 2], 0, 0, q.by[rank - 1]),
                               along(k, 0, 0, k.by[rank - 1], k.by[rank - 2]),
                               along(v, 0, v.by[rank - 1], v.by[rank - 2], 0)};
    if (!biases.empty()) {
        const View bias = o.to.in_dense(joined_biases(o, biases, rank)).broadcast(wide);
        operands.push_back(along(bias, bias.by[rank - 2], 0, bias.by[rank - 1], 0));
    }
    const View out = o.to.ordered_for_reader(o.step, o.shape());
    o.define(attend(o.to, o.pattern_name(".attention"), sizes, operands, out, factor));
    return true;
}

/// A linear layer's part of one that is several side by side.
struct LinearPart {
    const Program::Step* product;
    const Program::Step* sum;  ///< none of a Gemm
    const Tensor *weights, *bias;
    std::string path;
    bool transposed;
};

/// A product by constants with biases: a MatMul and an Add, or a Gemm. Nothing for another step.
inline std::optional<LinearPart> linear_part(const Operation& o, const Program::Step& product) {
    const std::string& operation = product.call.node->operation;
    const Tensor* weights = operation == "MatMul" || (operation == "Gemm" && product.inputs.size() == 3)
                                ? o.to.constant(product.inputs[1])
                                : nullptr;
    if (weights == nullptr || weights->rank() != 2) return std::nullopt;
    if (operation == "Gemm") {
        const Call& call = product.call;
        const bool plain =
            call.integer("transA", 0) == 0 && call.number("alpha", 1) == 1 && call.number("beta", 1) == 1;
        const std::string path = Names::module_of(o.to.program.values[product.inputs[1]].name);
        if (!plain) return std::nullopt;
        return LinearPart{
            &product, nullptr, weights, o.to.constant(product.inputs[2]), path, call.integer("transB", 0) != 0};
    }
    const Program::Step* sum = o.to.only_user(product.outputs[0]);
    if (sum == nullptr || sum->call.node->operation != "Add") return std::nullopt;
    const Tensor* bias = nullptr;
    for (const std::size_t input : sum->inputs)
        if (const Tensor* own = o.to.constant(input)) bias = own;
    return LinearPart{&product, sum, weights, bias, Names::scope_of(*product.call.node), false};
}

/// The parts of queries, keys and values: products of one value by constants of one shape, with biases, which heads are
/// cut from. All are called after modules of one parent.
inline std::vector<LinearPart> parts_side_by_side(const Operation& o, bool transposed, std::string& parent) {
    std::vector<LinearPart> parts;
    constexpr std::size_t most_users = 16;  // each of them looks at all
    if (o.to.users(o.step.inputs[0]).size() > most_users) return parts;
    for (const std::size_t user : o.to.users(o.step.inputs[0])) {
        auto part = linear_part(o, o.to.program.steps[user]);
        if (!part || part->product->inputs[0] != o.step.inputs[0]) continue;
        if (part->weights->shape() != o.constant(1)->shape() || part->transposed != transposed) continue;
        const Program::Step* reader = o.to.only_user((part->sum != nullptr ? part->sum : part->product)->outputs[0]);
        if (part->bias == nullptr || part->bias->rank() != 1 ||
            static_cast<std::int64_t>(part->bias->size()) != part->weights->shape()[transposed ? 0 : 1] ||
            reader == nullptr || reader->call.node->operation != "Reshape")
            continue;
        const std::string path = part->path;
        const auto dot = path.rfind('.');
        if (dot == path.npos || (!parts.empty() && path.substr(0, dot) != parent)) continue;
        if (!o.to.names.is_free(path)) continue;  // its parameters would have names that another layer has
        parent = path.substr(0, dot);
        part->path = path.substr(dot + 1);
        parts.push_back(*part);
    }
    return parts;
}

inline bool lower_side_by_side_pattern(const Operation& o) {
    if (o.given(1) && (o.constant(1) == nullptr || o.constant(1)->rank() != 2)) return false;
    const bool transposed = o.call().integer("transB", 0) != 0;
    std::string parent;
    const std::vector<LinearPart> parts = parts_side_by_side(o, transposed, parent);
    if (parts.size() < 2 || parts[0].product != &o.step || !o.to.names.is_free(parent)) return false;
    const auto inputs = int_of(o.constant(1)->shape()[transposed ? 1 : 0]),
               outputs = int_of(o.constant(1)->shape()[transposed ? 0 : 1]);
    const int source = o.to.rows(o.operand(0), parent), all = outputs * int_of(parts.size());
    std::vector<Network::Weight> weights;
    for (const LinearPart& part : parts) {
        o.to.names.unique(parent + "." + part.path);  // and keeps
        weights.push_back(
            Lowering::weight(part.path + ".weight", {outputs, inputs}, outputs_first(*part.weights, transposed)));
        weights.push_back(Lowering::weight(part.path + ".bias", {outputs}, *part.bias));
    }
    Shape out = o.to.shape_of(source);
    out.channels = all;
    Dimensions shape = o.shape();
    shape.back() = all;
    const int value = o.to.add({.name = parent,
                                .node = {.op = Op::convolution, .parts = int_of(parts.size())},
                                .out = out,
                                .operands = {source},
                                .weights = std::move(weights),
                                .shape = shape});
    const View whole = View::in_order(value, shape);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const View part = whole.sliced(shape.size() - 1, static_cast<std::int64_t>(i) * outputs, 1, outputs);
        o.to.define(parts[i].product->outputs[0], part);
        if (parts[i].sum != nullptr) o.to.define(parts[i].sum->outputs[0], part);
    }
    return true;
}

}  // namespace taxon::onnx::lowering
