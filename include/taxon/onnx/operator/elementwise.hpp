#pragma once
#include <iterator>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/operator/binary.hpp>
#include <taxon/onnx/operator/selection.hpp>
#include <taxon/onnx/operator/unary.hpp>
#include <vector>

/// The table of the operators of one number each.
namespace taxon::onnx::elementwise {

inline bool always(const Call&) { return true; }
inline bool same_type(const Call& call) { return call.outputs[0].type == call.type(0); }
inline bool one_input(const Call& call) { return call.inputs.size() == 1; }
inline bool one_output(const Call& call) { return call.outputs.size() == 1; }

inline void add_to(std::vector<Operator>& table) {
    for (const Unary& rule : unary_rules)
        table.push_back({rule.name, 1, 1,
                         rule.a.empty()   ? std::string_view()
                         : rule.b.empty() ? "alpha"
                                          : "alpha beta gamma lambd bias",
                         infer_unary, compute_unary});
    for (const Binary& rule : binary_rules)
        if (rule.name != "Max" && rule.name != "Min")
            table.push_back({rule.name, 2, 2, "axis broadcast", infer_binary, compute_binary});
    for (const std::string_view name : {"Max", "Min", "Sum", "Mean"})
        table.push_back({name, 1, 1 << 20, "", infer_variadic, compute_variadic, one_input});
    const Operator others[] = {
        {"Identity", 1, 1, "", infer_same, nullptr, always, true},
        {"Dropout", 1, 3, "ratio seed is_test", infer_dropout, compute_dropout, one_output},
        {"Gelu", 1, 1, "approximate", infer_gelu, compute_gelu},
        {"Mod", 2, 2, "fmod", infer_mod, compute_mod},
        {"Pow", 2, 2, "", infer_pow, compute_pow},
        {"Not", 1, 1, "", infer_not, compute_not},
        {"BitwiseNot", 1, 1, "", infer_not, compute_not},
        {"IsNaN", 1, 1, "", infer_is, compute_is},
        {"IsInf", 1, 1, "detect_positive detect_negative", infer_is, compute_is},
        {"Where", 3, 3, "", infer_where, compute_where},
        {"Cast", 1, 1, "to saturate", infer_cast, compute_cast, same_type},
        {"CastLike", 2, 2, "saturate", infer_cast, compute_cast, same_type},
        {"Clip", 1, 3, "min max", infer_clip, compute_clip},
    };
    table.insert(table.end(), std::begin(others), std::end(others));
}

}  // namespace taxon::onnx::elementwise
