#pragma once
#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <taxon/onnx/model.hpp>
#include <vector>

namespace taxon::onnx {

/// What a converter of a vendor would refuse in a model, or take with care: a sentence each, with the node's name. The
/// rules are those that TensorRT, Qualcomm, Furiosa, Ascend, Horizon, SiMa and OpenVINO state for what they take.
class Linter {
  public:
    explicit Linter(const ModelProto& model) : model_(model) {
        for (const TensorProto& tensor : model.graph.initializers) constants_.insert(tensor.name);
        for (const NodeProto& node : model.graph.nodes)
            if (node.operation == "Constant") constants_.insert(node.outputs.begin(), node.outputs.end());
    }

    std::vector<std::string> findings() {
        whole();
        for (const NodeProto& node : model_.graph.nodes) this->node(node);
        return std::move(findings_);
    }

  private:
    static constexpr std::string_view refused[] = {
        "Col2Im",    "If",      "Loop",         "Scan",          "NonMaxSuppression",
        "ScatterND", "NonZero", "Shape",        "Size",          "ConstantOfShape",
        "Range",     "Unique",  "RandomNormal", "RandomUniform", "SequenceAt",
        "Optional"};
    /// What the form for opset 13 writes out.
    static constexpr std::string_view recent[] = {
        "HardSwish", "LayerNormalization", "GroupNormalization", "Gelu", "Mish", "Swish", "HardSigmoid"};
    /// Operands from this one on that have to be constants.
    struct ConstantOperands {
        std::string_view operation;
        std::size_t first;
    };
    static constexpr ConstantOperands constant_operands[] = {{"Reshape", 1},
                                                             {"Slice", 1},
                                                             {"Clip", 1},
                                                             {"Pad", 1},
                                                             {"Resize", 1},
                                                             {"Split", 1},
                                                             {"Squeeze", 1},
                                                             {"Unsqueeze", 1},
                                                             {"Expand", 1},
                                                             {"Tile", 1},
                                                             {"Conv", 1},
                                                             {"ConvTranspose", 1},
                                                             {"QuantizeLinear", 1},
                                                             {"DequantizeLinear", 1},
                                                             {"BatchNormalization", 1}};

    template <class List>
    static bool has(const List& list, std::string_view word) {
        return std::find(std::begin(list), std::end(list), word) != std::end(list);
    }
    void find(const std::string& place, const std::string& sentence) { findings_.push_back(place + ": " + sentence); }

    void whole() {
        const auto opset = model_.opset.find("");
        if (opset == model_.opset.end() || opset->second < 12 || opset->second > 17)
            find("opset", "converters take 12 to 17");
        if (model_.ir_version > 8) find("IR version", "converters take up to 8");
        for (const auto& [domain, version] : model_.opset)
            if (!domain.empty()) find("opset", "operators of the domain " + domain + " are no standard");
        std::set<std::string> inputs;
        for (const ValueInfoProto& input : model_.graph.inputs) {
            inputs.insert(input.name);
            int open = 0;
            bool later = false;
            if (!input.shape) {
                find("input " + input.name, "its rank is open");
                continue;
            }
            for (std::size_t i = 0; i < input.shape->size(); ++i)
                if (std::holds_alternative<std::string>((*input.shape)[i])) ++open, later |= i > 0;
            if (later || open > 1) find("input " + input.name, "only the batch may be open");
        }
        std::uint64_t bytes = 0;
        for (const TensorProto& tensor : model_.graph.initializers) {
            bytes += tensor.data.view.size();
            if (inputs.contains(tensor.name)) find(tensor.name, "an initializer repeated as an input is no constant");
        }
        if (bytes > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max()))
            find("weights", "a file of 2 GiB or more cannot be read");
    }

    void node(const NodeProto& node) {
        const std::string place = node.name.empty() ? "a " + node.operation + " without a name" : node.name;
        if (node.name.empty()) find(place, "profiles and reports cannot name it");
        else if (!names_.insert(node.name).second) find(place, "another node has this name");
        if (!node.domain.empty() && node.domain != "ai.onnx") find(place, "an operator of the domain " + node.domain);
        if (has(refused, node.operation)) find(place, node.operation + " is not supported by most converters");
        const auto opset = model_.opset.find("");
        if (opset != model_.opset.end() && opset->second < 17 && has(recent, node.operation))
            find(place, "the form for opset 13 writes " + node.operation + " out");
        const AttributeProto* const automatic = node.attribute("auto_pad");
        if (automatic != nullptr && std::get<std::string>(automatic->value) != "NOTSET")
            find(place, "auto_pad instead of explicit pads");
        const bool windowed = node.operation.ends_with("Conv") || node.operation == "ConvTranspose" ||
                              node.operation == "MaxPool" || node.operation == "AveragePool";
        if (windowed && node.attribute("pads") == nullptr) find(place, "no explicit pads");
        if (windowed && node.attribute("kernel_shape") == nullptr) find(place, "no explicit kernel_shape");
        if (const AttributeProto* const ceil = node.attribute("ceil_mode");
            ceil != nullptr && std::get<std::int64_t>(ceil->value) != 0)
            find(place, "ceil_mode, which converters round in different ways");
        if (const AttributeProto* const order = node.attribute("perm");
            order != nullptr && std::get<std::vector<std::int64_t>>(order->value).size() > 4)
            find(place, "a Transpose of more than 4 dimensions");
        for (const ConstantOperands& rule : constant_operands)
            if (node.operation == rule.operation)
                for (std::size_t i = rule.first; i < node.inputs.size(); ++i) constant(node, place, i);
    }

    /// Weights may also be dequantized constants.
    void constant(const NodeProto& node, const std::string& place, std::size_t operand) {
        const std::string& name = node.inputs[operand];
        if (name.empty() || constants_.contains(name)) return;
        for (const NodeProto& maker : model_.graph.nodes)
            if (maker.operation == "DequantizeLinear" && maker.outputs.front() == name &&
                constants_.contains(maker.inputs.front()))
                return;
        find(place, "its operand " + std::to_string(operand) + " is not a constant");
    }

    const ModelProto& model_;
    std::set<std::string, std::less<>> constants_, names_;
    std::vector<std::string> findings_;
};

/// The findings of all rules; none for what export_graph makes.
inline std::vector<std::string> lint(const ModelProto& model) { return Linter(model).findings(); }

}  // namespace taxon::onnx
