#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/elementwise.hpp>
#include <taxon/onnx/places.hpp>
#include <vector>

/// Operators that make one number of many: reductions and softmax. Sums of floats are computed in double.
namespace taxon::onnx::reduction {

using elementwise::require_type;
using Int = std::int64_t;

/// total = add(total, x) for every x, then finish(total, how many).
struct Reduction {
    std::string_view name;
    double start;
    double (*add)(double total, double x);
    double (*finish)(double total, double count);
    bool floats_only = false;
};

inline double same(double total, double) { return total; }
inline double plus(double total, double x) { return total + x; }
inline constexpr double infinite = std::numeric_limits<double>::infinity();

inline constexpr Reduction rules[] = {
    {"ReduceSum", 0, plus, same},
    {"ReduceMean", 0, plus, [](double total, double count) { return total / count; }},
    {"ReduceMax", -infinite, [](double total, double x) { return elementwise::larger(x, total); }, same},
    {"ReduceMin", infinite, [](double total, double x) { return elementwise::smaller(x, total); }, same},
    {"ReduceProd", 1, [](double total, double x) { return total * x; }, same},
    {"ReduceL1", 0, [](double total, double x) { return total + std::fabs(x); }, same},
    {"ReduceL2", 0, [](double total, double x) { return total + x * x; },
     [](double total, double) { return std::sqrt(total); }},
    {"ReduceSumSquare", 0, [](double total, double x) { return total + x * x; }, same},
    {"ReduceLogSum", 0, plus, [](double total, double) { return std::log(total); }, true},
    {"ReduceLogSumExp", -infinite,
     [](double total, double x) {
         // log(e^total + e^x), without overflow
         const double most = std::fmax(total, x);
         return std::isinf(most) ? most : most + std::log(std::exp(total - most) + std::exp(x - most));
     },
     same, true},
};

/// Axes are an attribute before version 18, of ReduceSum before version 13.
inline std::vector<bool> axes_of(const Call& call) {
    const std::size_t rank = call.shape(0).size();
    const Dimensions axes = call.attribute_or_input("axes", 1);
    if (axes.empty()) return std::vector<bool>(rank, call.integer("noop_with_empty_axes", 0) == 0);
    std::vector<bool> chosen(rank);
    for (const Int axis : axes) chosen[call.axis(axis, rank)] = true;
    return chosen;
}
inline Dimensions kept_shape(const Dimensions& shape, const std::vector<bool>& reduced, bool keep) {
    Dimensions kept;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (!reduced[i] || keep) kept.push_back(reduced[i] ? 1 : shape[i]);
    return kept;
}
inline void infer_reduce(Call& call) {
    const Reduction& rule = elementwise::rule_of(rules, call);
    require_type(call, !rule.floats_only || is_floating(call.type(0)));
    // sums of int64 are computed in double, which holds 53 bits
    require_type(call, call.type(0) != DataType::boolean || rule.name == "ReduceMax" || rule.name == "ReduceMin");
    const bool empty = io::element_count(call.shape(0)) == 0, extreme = std::isinf(rule.start);
    call.require(!empty || !extreme || is_floating(call.type(0)), Fault::unsupported,
                 "an extreme of no whole number at all", "something to choose from");
    call.output(call.type(0), kept_shape(call.shape(0), axes_of(call), call.integer("keepdims", 1) != 0));
}
inline void compute_reduce(Call& call) {
    const Reduction& rule = elementwise::rule_of(rules, call);
    const Tensor& x = call.operands[0];
    Dimensions strides = strides_of(kept_shape(x.shape(), axes_of(call), true));
    const auto reduced = axes_of(call);
    // without an axis each number is reduced alone: what leaves it as it is, does so to the last digit
    constexpr std::array<std::string_view, 5> plain{"ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd"};
    if (std::ranges::find(reduced, true) == reduced.end() && std::ranges::find(plain, rule.name) != plain.end()) {
        call.results[0] = x.reshaped(call.results[0].shape());
        return;
    }
    for (std::size_t i = 0; i < strides.size(); ++i)
        if (reduced[i]) strides[i] = 0;
    std::vector<double> totals(call.results[0].size(), rule.start);
    const double count = totals.empty() ? 0 : static_cast<double>(x.size() / totals.size());
    visit_type(x.type(), [&]<class T>(T) {
        const T* next = x.numbers<T>().data();
        for_each_place<1>(x.shape(), {strides}, [&](const auto& at) {
            double& total = totals[static_cast<std::size_t>(at[0])];
            total = rule.add(total, static_cast<double>(*next++));
        });
        const auto y = call.results[0].writable<T>();
        for (std::size_t i = 0; i < y.size(); ++i) {
            const double number = rule.finish(totals[i], count);
            if constexpr (std::is_same_v<T, Int>) y[i] = whole(number);
            else y[i] = static_cast<T>(number);
        }
    });
}

/// Lines of numbers along an axis: number i of a line lies at first + i * step.
struct Lines {
    std::size_t count, size, step;
    std::size_t first(std::size_t line) const { return line / step * step * size + line % step; }
};
inline Lines lines_of(const Dimensions& shape, std::size_t axis) {
    const auto step = static_cast<std::size_t>(product(shape, axis + 1, shape.size()));
    return {static_cast<std::size_t>(product(shape, 0, axis)) * step, static_cast<std::size_t>(shape[axis]), step};
}

inline void infer_arg(Call& call) {
    require_type(call, true);
    std::vector<bool> reduced(call.shape(0).size());
    const std::size_t axis = call.axis(call.integer("axis", 0), reduced.size());
    reduced[axis] = true;
    call.require(call.shape(0)[axis] > 0, Fault::shape, io::to_string(call.shape(0)), "something to choose from");
    call.output(DataType::int64, kept_shape(call.shape(0), reduced, call.integer("keepdims", 1) != 0));
}
inline void compute_arg(Call& call) {
    const Tensor& x = call.operands[0];
    const Lines lines = lines_of(x.shape(), call.axis(call.integer("axis", 0), x.rank()));
    const bool most = call.node->operation == "ArgMax", last = call.integer("select_last_index", 0) != 0;
    visit_type(x.type(), [&]<class T>(T) {
        for (std::size_t line = 0; line < lines.count; ++line) {
            std::size_t best = 0;
            const T* numbers = x.numbers<T>().data() + lines.first(line);
            for (std::size_t i = 1; i < lines.size; ++i) {
                const T one = numbers[i * lines.step], old = numbers[best * lines.step];
                if ((most ? one > old : one < old) || (last && one == old)) best = i;
            }
            call.results[0].writable<Int>()[line] = static_cast<Int>(best);
        }
    });
}

/// Softmax, LogSoftmax and Hardmax: along an axis, the last one if none is given; before version 13 over all
/// dimensions from an axis on together, the second if none is given.
inline Lines softmax_lines(const Call& call) {
    const Dimensions& shape = call.shape(0);
    if (call.opset >= 13) return lines_of(shape, call.axis(call.integer("axis", -1), shape.size()));
    const Int given = call.integer("axis", 1);
    const std::size_t axis = given == static_cast<Int>(shape.size()) ? shape.size() : call.axis(given, shape.size());
    return {static_cast<std::size_t>(product(shape, 0, axis)),
            static_cast<std::size_t>(product(shape, axis, shape.size())), 1};
}
inline void infer_softmax(Call& call) {
    require_type(call, is_floating(call.type(0)));
    softmax_lines(call);
    call.output(call.type(0), call.shape(0));
}
/// Softmax of numbers `step` apart, in place.
template <class T>
void softmax(T* numbers, std::size_t size, std::size_t step, bool logarithm) {
    double most = -infinite, sum = 0;
    for (std::size_t i = 0; i < size; ++i) most = std::fmax(most, static_cast<double>(numbers[i * step]));
    const auto above = [&](std::size_t i) { return static_cast<double>(numbers[i * step]) - most; };
    for (std::size_t i = 0; i < size; ++i) sum += std::exp(above(i));
    for (std::size_t i = 0; i < size; ++i)
        numbers[i * step] = static_cast<T>(logarithm ? above(i) - std::log(sum) : std::exp(above(i)) / sum);
}
inline void compute_softmax(Call& call) {
    const Lines lines = softmax_lines(call);
    const bool hard = call.node->operation == "Hardmax";
    visit_type(call.operands[0].type(), [&]<class T>(T) {
        const T* x = call.operands[0].numbers<T>().data();
        T* y = call.results[0].writable<T>().data();
        if (!hard) std::copy_n(x, call.operands[0].size(), y);
        for (std::size_t line = 0; line < lines.count; ++line) {
            const std::size_t first = lines.first(line);
            if (!hard) {
                softmax(y + first, lines.size, lines.step, call.node->operation == "LogSoftmax");
                continue;
            }
            std::size_t best = 0;
            for (std::size_t i = 1; i < lines.size; ++i)
                if (x[first + i * lines.step] > x[first + best * lines.step]) best = i;
            if (lines.size != 0) y[first + best * lines.step] = 1;
        }
    });
}

inline void add_to(std::vector<Operator>& table) {
    for (const Reduction& rule : rules)
        table.push_back({rule.name, 1, 2, "axes keepdims noop_with_empty_axes", infer_reduce, compute_reduce});
    for (const std::string_view name : {"ArgMax", "ArgMin"})
        table.push_back({name, 1, 1, "axis keepdims select_last_index", infer_arg, compute_arg});
    for (const std::string_view name : {"Softmax", "LogSoftmax", "Hardmax"})
        table.push_back({name, 1, 1, "axis", infer_softmax, compute_softmax});
}

}  // namespace taxon::onnx::reduction
