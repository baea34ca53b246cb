#pragma once
#include <taxon/onnx/lowering/binary.hpp>
#include <taxon/onnx/lowering/elementwise.hpp>
#include <taxon/onnx/lowering/normalization.hpp>
#include <taxon/onnx/lowering/product.hpp>

/// Layers that exporters write out in several operators. Each pattern is tried at its last operator; what is not read
/// by anything else is then left out.
namespace taxon::onnx::lowering {

/// A walk back through the operators that made a value.
class Trail {
  public:
    Trail(const Lowering& to, std::size_t value) : to_(&to), value_(value) {}

    std::size_t value() const { return value_; }
    const Program::Step* step() const { return to_->producer(value_); }
    bool is(std::string_view operation) const { return step() != nullptr && step()->call.node->operation == operation; }
    Trail input(std::size_t i) const { return {*to_, step()->inputs[i]}; }
    /// True of a constant that is this number everywhere, to a float's precision.
    bool is_number(double number) const {
        const auto own = to_->scalar(value_);
        return own && std::fabs(*own - number) <= 2e-6 * std::fabs(number);
    }
    std::optional<double> number() const { return to_->scalar(value_); }
    bool operator==(const Trail& other) const { return value_ == other.value_; }

    /// Of a commutative operator with two operands, the other one, if one of them is the given number.
    std::optional<Trail> beside(std::string_view operation, double number) const {
        if (!is(operation)) return std::nullopt;
        for (const std::size_t i : {0u, 1u})
            if (input(i).is_number(number)) return input(1 - i);
        return std::nullopt;
    }
    /// Of a commutative operator with two operands, the other one, if one of them is the given value.
    std::optional<Trail> beside(std::string_view operation, const Trail& value) const {
        if (!is(operation)) return std::nullopt;
        for (const std::size_t i : {0u, 1u})
            if (input(i) == value) return input(1 - i);
        return std::nullopt;
    }
    /// x of x · factor or x / (1/factor).
    std::optional<Trail> scaled(double factor) const {
        if (const auto x = beside("Mul", factor)) return x;
        if (is("Div") && input(1).is_number(1 / factor)) return input(0);
        return std::nullopt;
    }

  private:
    const Lowering* to_;
    std::size_t value_;
};

/// The factors of a product of several Muls, without the constants among them, whose product is `number`.
struct Factors {
    std::vector<Trail> trails{};
    double number = 1;

    void add(const Trail& trail, int depth = 3) {
        if (const auto constant = trail.number()) number *= *constant;
        else if (depth > 0 && trail.is("Mul")) add(trail.input(0), depth - 1), add(trail.input(1), depth - 1);
        else trails.push_back(trail);
    }
};

/// x of 1 + erf(x / √2); and of 1 + tanh(√(2/π) · (x + 0.044715 · x³)), with `approximates` set.
inline std::optional<Trail> gelu_gate(const Trail& gate, bool& approximates) {
    const auto inner = gate.beside("Add", 1);
    if (!inner) return std::nullopt;
    if (inner->is("Erf")) return inner->input(0).scaled(0.7071067811865476);
    if (!inner->is("Tanh")) return std::nullopt;
    const auto sum = inner->input(0).scaled(0.7978845608028654);
    if (!sum || !sum->is("Add")) return std::nullopt;
    for (const std::size_t i : {0u, 1u}) {
        const Trail x = sum->input(i);
        const auto cube = sum->input(1 - i).scaled(0.044715);
        if (!cube) continue;
        Factors factors;
        factors.add(*cube);
        const bool by_power = cube->is("Pow") && cube->input(0) == x && cube->input(1).is_number(3),
                   by_products = factors.trails.size() == 3 && factors.number == 1 && factors.trails[0] == x &&
                                 factors.trails[1] == x && factors.trails[2] == x;
        if (by_power || by_products) {
            approximates = true;
            return x;
        }
    }
    return std::nullopt;
}

/// x / 2 · (1 + erf(x / √2)) with its factors in any order.
inline bool lower_gelu_pattern(const Operation& o) {
    Factors factors;
    factors.add({o.to, o.step.outputs[0]});
    if (factors.trails.size() != 2 || std::fabs(factors.number - 0.5) > 1e-6) return false;
    for (const std::size_t i : {0u, 1u}) {
        bool approximates = false;
        const auto x = gelu_gate(factors.trails[1 - i], approximates);
        if (!x || !(*x == factors.trails[i])) continue;
        const View operand = o.to.view(x->value());
        o.define(approximates ? approximate_gelu(o, operand)
                              : o.to.activate(o.pattern_name(), operand, Activation::gelu));
        return true;
    }
    return false;
}

/// x · min(max(x + 3, 0), 6) / 6.
inline bool lower_hard_swish_pattern(const Operation& o) {
    const Trail last{o.to, o.step.outputs[0]};
    Factors factors;
    if (last.is("Div") && last.input(1).number()) factors.add(last.input(0)), factors.number /= *last.input(1).number();
    else factors.add(last);
    if (factors.trails.size() != 2 || std::fabs(factors.number * 6 - 1) > 1e-6) return false;
    for (const std::size_t i : {0u, 1u}) {
        const Trail &x = factors.trails[i], &gate = factors.trails[1 - i];
        if (!gate.is("Clip")) continue;
        const Operation clip{o.to, *gate.step()};
        const auto bound = [&](std::size_t input, const char* attribute) -> std::optional<double> {
            if (clip.call().has(attribute)) return static_cast<double>(clip.call().number(attribute, 0));
            return clip.scalar(input);
        };
        const auto shifted = gate.input(0).beside("Add", 3);
        if (bound(1, "min") != 0.0 || bound(2, "max") != 6.0 || !shifted || !(*shifted == x)) continue;
        o.define(o.to.activate(o.pattern_name(), o.to.view(x.value()), Activation::hard_swish));
        return true;
    }
    return false;
}

/// The axes of a ReduceMean that is over the last axis alone.
inline bool is_mean_of_last(const Lowering& to, const Trail& mean) {
    if (!mean.is("ReduceMean")) return false;
    const Operation o{const_cast<Lowering&>(to), *mean.step()};
    const Dimensions& shape = to.value(mean.step()->inputs[0]).shape;
    if (o.call().integer("keepdims", 1) == 0) return false;
    const Dimensions axes = o.call().has("axes")                     ? o.call().integers("axes")
                            : o.given(1) && o.constant(1) != nullptr ? o.constant(1)->integers()
                                                                     : Dimensions{};
    return axes.size() == 1 && o.call().axis(axes[0], shape.size()) + 1 == shape.size();
}

/// (x − mean) / √(mean of the squares + ε), tried at the quotient: x, with ε.
inline std::optional<std::pair<Trail, double>> standardised(const Lowering& to, const Trail& quotient) {
    if (!quotient.is("Div")) return std::nullopt;
    const Trail difference = quotient.input(0), root = quotient.input(1);
    if (!difference.is("Sub") || !is_mean_of_last(to, difference.input(1)) ||
        !(difference.input(1).input(0) == difference.input(0)))
        return std::nullopt;
    const bool by_power = root.is("Pow") && root.input(1).is_number(0.5);
    if ((!root.is("Sqrt") && !by_power) || !root.input(0).is("Add")) return std::nullopt;
    const Trail sum = root.input(0);
    for (const std::size_t i : {0u, 1u}) {
        const auto epsilon = sum.input(i).number();
        const Trail variance = sum.input(1 - i);
        if (!epsilon || !is_mean_of_last(to, variance)) continue;
        const Trail square = variance.input(0);
        const auto is_difference = [&](const Trail& one) {
            return one == difference ||
                   (one.is("Sub") && one.input(0) == difference.input(0) && is_mean_of_last(to, one.input(1)) &&
                    one.input(1).input(0) == difference.input(0));
        };
        const bool squares = (square.is("Pow") && square.input(1).is_number(2) && is_difference(square.input(0))) ||
                             (square.is("Mul") && square.input(0) == square.input(1) && is_difference(square.input(0)));
        if (squares) return std::pair(difference.input(0), *epsilon);
    }
    return std::nullopt;
}

/// Constants of `features` numbers along the last axis.
inline const Tensor* of_last_axis(const Lowering& to, const Trail& trail, std::int64_t features) {
    const Tensor* tensor = to.constant(trail.value());
    return tensor != nullptr && static_cast<std::int64_t>(tensor->size()) == features && tensor->rank() > 0 &&
                   tensor->shape().back() == features
               ? tensor
               : nullptr;
}

/// A layer normalisation written out, with gain and shift, tried at its last addition.
inline bool lower_layer_norm_pattern(const Operation& o) {
    const Trail last{o.to, o.step.outputs[0]};
    const std::int64_t features = o.shape().empty() ? 0 : o.shape().back();
    if (!last.is("Add")) return false;
    for (const std::size_t i : {0u, 1u}) {
        const Tensor* shift = of_last_axis(o.to, last.input(i), features);
        const Trail product = last.input(1 - i);
        if (shift == nullptr || !product.is("Mul")) continue;
        for (const std::size_t k : {0u, 1u}) {
            const Tensor* gain = of_last_axis(o.to, product.input(k), features);
            const auto inner = gain != nullptr ? standardised(o.to, product.input(1 - k)) : std::nullopt;
            const auto whole = inner ? inverse(inner->second) : std::nullopt;
            if (!whole) continue;
            const View x = o.to.view(inner->first.value());
            if (x.shape != o.shape()) continue;
            const std::string path = Names::module_of(o.to.program.values[last.input(i).value()].name),
                              name = o.to.names.is_free(path) ? path : o.pattern_name();
            const int source = o.to.rows(x, name);
            const auto count = static_cast<int>(features);
            const int value = o.to.add({.name = name,
                                        .node = {.op = Op::layer_norm, .inverse_epsilon = *whole},
                                        .out = o.to.shape_of(source),
                                        .operands = {source},
                                        .weights = {Lowering::weight("weight", {count}, numbers_of(*gain)),
                                                    Lowering::weight("bias", {count}, numbers_of(*shift))},
                                        .shape = o.shape()});
            o.define(View::in_order(value, o.shape()));
            return true;
        }
    }
    return false;
}

/// Without a factor by a number in front of a value; the same trail if there is none.
inline Trail without_factor(const Trail& trail, double& factor) {
    for (const std::size_t i : {0u, 1u})
        if (trail.is("Mul"))
            if (const auto number = trail.input(i).number()) {
                factor *= *number;
                return trail.input(1 - i);
            }
    if (trail.is("Div"))
        if (const auto number = trail.input(1).number()) {
            factor /= *number;
            return trail.input(0);
        }
    return trail;
}
inline Trail without_factors(Trail trail, double& factor) {
    for (Trail next = without_factor(trail, factor); !(next == trail); next = without_factor(trail, factor))
        trail = next;
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
        Tensor both(DataType::float32, shape);
        std::size_t at = 0;
        for_each_place<2>(shape, {broadcast_strides(sum.shape, shape), broadcast_strides(other.shape, shape)},
                          [&](const auto& places) {
                              both.writable<float>()[at++] =
                                  static_cast<float>(a->real(static_cast<std::size_t>(places[0])) +
                                                     b->real(static_cast<std::size_t>(places[1])));
                          });
        sum = o.to.constant_view(both, o.name() + ".bias");
    }
    return sum;
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
    o.define(o.to.attend(o.pattern_name(".attention"), sizes, operands, out, factor));
    return true;
}

/// A linear layer's part of one that is several side by side.
struct LinearPart {
    const Program::Step* product;
    const Program::Step* sum;
    const Tensor *weights, *bias;
    std::string path;
};

/// The parts of queries, keys and values: products of one value by constants of one shape, with biases, which heads are
/// cut from. All are called after modules of one parent.
inline std::vector<LinearPart> parts_side_by_side(const Operation& o, std::string& parent) {
    std::vector<LinearPart> parts;
    for (const std::size_t user : o.to.users(o.step.inputs[0])) {
        const Program::Step& product = o.to.program.steps[user];
        const Tensor* weights = product.call.node->operation == "MatMul" && product.inputs[0] == o.step.inputs[0]
                                    ? o.to.constant(product.inputs[1])
                                    : nullptr;
        if (weights == nullptr || weights->rank() != 2 || weights->shape() != o.constant(1)->shape()) continue;
        const Program::Step* sum = o.to.only_user(product.outputs[0]);
        if (sum == nullptr || sum->call.node->operation != "Add") continue;
        const Tensor* bias = nullptr;
        for (const std::size_t input : sum->inputs)
            if (const Tensor* own = o.to.constant(input)) bias = own;
        const Program::Step* reader = o.to.only_user(sum->outputs[0]);
        if (bias == nullptr || bias->rank() != 1 || static_cast<std::int64_t>(bias->size()) != weights->shape()[1] ||
            reader == nullptr || reader->call.node->operation != "Reshape")
            continue;
        const std::string path = Names::scope_of(*product.call.node);
        const auto dot = path.rfind('.');
        if (dot == path.npos || (!parts.empty() && path.substr(0, dot) != parent)) continue;
        parent = path.substr(0, dot);
        parts.push_back({&product, sum, weights, bias, path.substr(dot + 1)});
    }
    return parts;
}

inline bool lower_side_by_side_pattern(const Operation& o) {
    if (o.given(1) && (o.constant(1) == nullptr || o.constant(1)->rank() != 2)) return false;
    std::string parent;
    const std::vector<LinearPart> parts = parts_side_by_side(o, parent);
    if (parts.size() < 2 || parts[0].product != &o.step || !o.to.names.is_free(parent)) return false;
    const auto inputs = static_cast<int>(o.constant(1)->shape()[0]),
               outputs = static_cast<int>(o.constant(1)->shape()[1]);
    const int source = o.to.rows(o.operand(0), parent), all = outputs * static_cast<int>(parts.size());
    std::vector<Network::Weight> weights;
    for (const LinearPart& part : parts) {
        weights.push_back(
            Lowering::weight(part.path + ".weight", {outputs, inputs}, outputs_first(*part.weights, false)));
        weights.push_back(Lowering::weight(part.path + ".bias", {outputs}, *part.bias));
    }
    Shape out = o.to.shape_of(source);
    out.channels = all;
    Dimensions shape = o.shape();
    shape.back() = all;
    const int value = o.to.add({.name = parent,
                                .node = {.op = Op::convolution, .parts = static_cast<int>(parts.size())},
                                .out = out,
                                .operands = {source},
                                .weights = std::move(weights),
                                .shape = shape});
    const View whole = View::in_order(value, shape);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const View part = whole.sliced(shape.size() - 1, static_cast<std::int64_t>(i) * outputs, 1, outputs);
        o.to.define(parts[i].product->outputs[0], part);
        o.to.define(parts[i].sum->outputs[0], part);
    }
    return true;
}

/// Tries the patterns that end with a step; true if one of them is there.
inline bool lower_pattern(const Operation& o) {
    const std::string& operation = o.call().node->operation;
    if (!is_floating(o.to.value(o.step.outputs[0]).type)) return false;
    if (operation == "Mul") return lower_gelu_pattern(o) || lower_hard_swish_pattern(o);
    if (operation == "Div") return lower_hard_swish_pattern(o);
    if (operation == "Add") return lower_layer_norm_pattern(o);
    if (operation == "MatMul") return lower_attention_pattern(o) || lower_side_by_side_pattern(o);
    return false;
}

}  // namespace taxon::onnx::lowering
