#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/folding/failure.hpp>
#include <taxon/onnx/model.hpp>
#include <variant>
#include <vector>

namespace taxon::onnx::folding {

/// Attributes that have one type in all operators that know them. All others of the operators that are computed are
/// whole numbers, but for `value`.
struct AttributeType {
    std::string_view wanted;
    std::string_view names;  ///< with spaces around each
    bool (*holds)(const AttributeProto::Value&);
};

template <class T>
bool holds(const AttributeProto::Value& value) {
    return std::holds_alternative<T>(value);
}
inline constexpr AttributeType attribute_types[] = {
    {"a number",
     " alpha beta bias cubic_coeff_a epsilon extrapolation_value gamma lambd max min momentum ratio scale softcap "
     "value_float ",
     holds<float>},
    {"numbers", " scales value_floats ", holds<std::vector<float>>},
    {"whole numbers",
     " axes dilations ends kernel_shape output_padding output_shape paddings pads perm shape split starts strides "
     "value_ints consumed_inputs ",
     holds<std::vector<std::int64_t>>},
    {"a text",
     " approximate auto_pad coordinate_transformation_mode direction equation keep_aspect_ratio_policy mode "
     "nearest_mode padding_mode reduction ",
     holds<std::string>},
    {"texts", " activations ", holds<std::vector<std::string>>},
};
inline constexpr AttributeType a_whole_number{"a whole number", "", holds<std::int64_t>},
    value_of_pad{"a number", "", holds<float>}, value_of_constant{"a tensor", "", holds<TensorProto>};

inline const AttributeType& type_of(const NodeProto& node, const std::string& name) {
    if (name == "value") return node.operation == "Pad" ? value_of_pad : value_of_constant;
    const std::string padded = " " + name + " ";
    for (const AttributeType& type : attribute_types)
        if (type.names.find(padded) != type.names.npos) return type;
    return a_whole_number;
}

/// How long a text or a list is; 1 for what is none, and for the numbers of a constant.
inline std::size_t length_of(const AttributeProto& attribute) {
    if (attribute.name.starts_with("value_")) return 1;
    return std::visit(
        [](const auto& value) {
            if constexpr (requires { value.size(); }) return value.size();
            else return std::size_t{1};
        },
        attribute.value);
}

/// Throws Fault::type for an attribute of another type than ONNX gives it, and ::limit for one that is longer than any
/// has to be; its operator knows its name.
inline void check_attribute(const NodeProto& node, const AttributeProto& attribute) {
    const AttributeType& type = type_of(node, attribute.name);
    if (!type.holds(attribute.value))
        fail(Fault::type, node.operation + " node '" + Call::label(node) + "'",
             "another value of attribute '" + attribute.name + "'", type.wanted);
    const std::size_t longest = type.holds == holds<std::string> ? 256 : longest_list;
    if (length_of(attribute) > longest)
        fail(Fault::limit, node.operation + " node '" + Call::label(node) + "'",
             "attribute '" + attribute.name + "' of length " + std::to_string(length_of(attribute)),
             "at most " + std::to_string(longest));
}

}  // namespace taxon::onnx::folding
