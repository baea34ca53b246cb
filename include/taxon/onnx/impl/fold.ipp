#pragma once
#include <taxon/onnx/fold.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/core/printable.hpp>
#include <taxon/onnx/checking.hpp>
#include <taxon/onnx/folding/attribute_type.hpp>
#include <taxon/onnx/folding/deferred.hpp>
#include <taxon/onnx/folding/failure.hpp>
#include <taxon/onnx/folding/live_nodes.hpp>
#include <taxon/onnx/folding/report.hpp>
#include <taxon/onnx/folding/values.hpp>
#include <taxon/onnx/operators.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx {
namespace folding {

/// Runs through a graph in order: infers, has what is constant computed when it is read, and keeps the rest as steps.
class Folder {
  public:
    Folder(std::shared_ptr<const ModelProto> model, const InputShapes& shapes, const Limits& limits)
        : shapes_(shapes), left_(limits.folded_elements), checking_(std::make_shared<Checking>(limits, model->memory)) {
        program_.model = std::move(model);
    }

    Folded fold() {
        const ModelProto& model = *program_.model;
        const auto version = model.opset.find("");
        if (version == model.opset.end()) fail(Fault::missing, "model", "no version of ONNX's operators", "one");
        opset_ = version->second;
        if (opset_ < 1 || opset_ > newest)
            fail(Fault::version, "model", "operators of version " + std::to_string(opset_),
                 "1 to " + std::to_string(newest));
        values_.enter();
        left_ += 8 * values_.constants(model.graph);
        values_.inputs(model.graph, shapes_);
        nodes(model.graph);
        for (const ValueInfoProto& output : model.graph.outputs) {
            const auto value = values_.find(output.name);
            if (!value) fail(Fault::missing, "output '" + output.name + "'", "that nothing makes", "a value");
            program_.outputs.push_back({output.name, *value});
            if (values_.is_open(*value)) report_.refuse_open(values_.open_input(*value));
        }
        if (model.graph.outputs.empty()) fail(Fault::missing, "graph", "no output", "one");
        drop_unused();
        checking_->begin(Checking::Stage::lowering);
        program_.checking = checking_;
        return {std::move(program_), std::move(report_).coverage(), values_.known()};
    }

  private:
    using Status = Coverage::Status;

    static constexpr std::int64_t newest = 28;  ///< of ONNX 1.23; later ones may change what operators mean

    void nodes(const GraphProto& graph) {
        const std::vector<bool> live = live_nodes(graph);
        for (std::size_t i = 0; i < graph.nodes.size(); ++i)
            if (live[i]) node(graph.nodes[i]);
            else report_.note(graph.nodes[i], Status::folded, true);
    }

    void node(const NodeProto& node) {
        checking_->memory.charge(sizeof(Program::Step) + sizeof(Deferred));
        std::vector<std::size_t> inputs;
        bool known = true;
        for (const std::string& name : node.inputs) {
            const auto at = name.empty() ? std::optional(Program::none) : values_.find(name);
            if (!at)
                fail(Fault::missing, node.operation + " node '" + Call::label(node) + "'",
                     "input '" + name + "', which nothing before it makes", "nodes in order");
            inputs.push_back(*at);
            if (*at == Program::none) continue;
            known = known && values_.is_known(*at);
            if (values_.is_open(*at)) report_.refuse_open(values_.open_input(*at));
            if (const std::string what = values_.uncomputed(*at); !what.empty())
                report_.refuse(what + ": [unsupported] found numbers of type " +
                               std::string(name_of(values_.value(*at).type)) + ", wanted another type");
        }
        if (!node.domain.empty()) return skip(node, Status::foreign, "");
        if (node.operation == "If") return branch(node, inputs, known);
        const Operator* const operation = find_operator(node.operation);
        if (operation == nullptr) return skip(node, Status::unsupported, "");
        const auto text = problem(*operation, node);
        if (text) return skip(node, Status::unsupported, *text);
        if (!known) return skip(node, Status::supported, "");
        apply(*operation, node, std::move(inputs));
    }

    /// An attribute or a number of inputs that the operator does not know. Throws for an attribute of another type.
    static std::optional<std::string> problem(const Operator& operation, const NodeProto& node) {
        for (const AttributeProto& attribute : node.attributes) {
            const std::string padded = " " + std::string(operation.attributes) + " ";
            if (padded.find(" " + attribute.name + " ") == padded.npos && attribute.name != "consumed_inputs")
                return "attribute '" + printable(attribute.name, 64) + "'";
            check_attribute(node, attribute);
        }
        const auto count = static_cast<int>(std::min(node.inputs.size(), std::size_t{1} << 20));
        if (count < operation.fewest_inputs || count > operation.most_inputs) return std::to_string(count) + " inputs";
        for (int i = 0; i < operation.fewest_inputs; ++i)
            if (node.inputs[static_cast<std::size_t>(i)].empty()) return "input " + std::to_string(i) + " left out";
        if (operation.most_inputs > 100)  // any number, but each is there
            for (const std::string& input : node.inputs)
                if (input.empty()) return "an input left out";
        return std::nullopt;
    }

    /// Outputs of which nothing is known.
    void skip(const NodeProto& node, Status status, const std::string& found) {
        report_.skip(node, status, found);
        for (const std::string& output : node.outputs)
            values_.define(output, values_.add(output, {}, Values::State::unknown));
    }

    void apply(const Operator& operation, const NodeProto& node, std::vector<std::size_t> inputs) {
        Call call;
        call.node = &node;
        call.opset = opset_;
        call.checking = checking_;
        bool constant = true;
        for (const std::size_t i : inputs) {
            call.inputs.push_back(i == Program::none ? Value{} : values_.value(i));
            // a copy for infer, one of a tensor for compute, and what vectors grow by
            const std::size_t dimensions = call.inputs.back().shape.size() * sizeof(std::int64_t);
            checking_->memory.charge(2 * (sizeof(Value) + sizeof(Tensor) + 64) + 4 * dimensions);
            constant = constant && (i == Program::none || values_.value(i).constant);
        }
        bool made = true;
        try {
            operation.infer(call);
            for (const Value& output : call.outputs) made = made && output.constant;
            if (constant && !made) defer(operation, call);
        } catch (const Error& error) {
            if (error.fault() != Fault::unsupported) throw placed(error, call);
            return skip(node, Status::unsupported,
                        printable(error.facts().found, 120) +
                            (error.facts().wanted.empty() ? "" : ", wanted " + error.facts().wanted));
        }
        if (node.outputs.size() > call.outputs.size())
            for (std::size_t i = call.outputs.size(); i < node.outputs.size(); ++i)
                if (!node.outputs[i].empty()) return skip(node, Status::unsupported, "output " + std::to_string(i));
        const bool is_folded = constant || made,
                   same = !is_folded && operation.is_identity != nullptr && operation.is_identity(call);
        const std::size_t at = report_.note(node, is_folded || same ? Status::folded : Status::supported, true);
        if (same) return values_.define(node.outputs[0], inputs[0]);
        std::vector<std::size_t> outputs;
        for (std::size_t i = 0; i < call.outputs.size(); ++i) {
            const std::string name = i < node.outputs.size() ? node.outputs[i] : std::string();
            outputs.push_back(values_.add(name, call.outputs[i]));
            values_.define(name, outputs.back());
        }
        if (is_folded) return;
        for (std::size_t i = 0; i < inputs.size(); ++i)
            if (inputs[i] != Program::none && !values_.value(inputs[i]).constant) call.inputs[i].constant.reset();
        program_.steps.push_back({&operation, std::move(call), std::move(inputs), std::move(outputs), at});
    }

    void charge(const Call& call, std::uint64_t work) {
        if (work > left_)
            call.fail(Fault::limit, "constants that take " + std::to_string(work) + " more numbers to compute",
                      "at most " + std::to_string(left_));
        left_ -= work;
    }

    /// Results of constants: views and a few numbers at once, others when they are read.
    void defer(const Operator& operation, Call& call) {
        for (const Value& input : call.inputs) call.operands.push_back(input.constant ? *input.constant : Tensor());
        if (operation.is_view) {
            call.outputs[0].constant = call.operands[0].reshaped(call.outputs[0].shape);
            return;
        }
        auto work = static_cast<std::uint64_t>(std::min(call.flops / 16 + call.work, 0x1p62));
        std::uint64_t made = 0;
        for (const Value& output : call.outputs) made += io::element_count(output.shape);
        work += made;
        for (const Value& input : call.inputs) work += io::element_count(input.shape);
        charge(call, work);
        const std::vector<Tensor> results =
            Deferred::results(std::make_shared<Deferred>(operation, call, program_.model, work));
        constexpr std::uint64_t few = 1024;
        const bool at_once = made <= few && work <= 8 * few && work <= checking_->work_left() / 2;
        for (std::size_t i = 0; i < results.size(); ++i) {
            if (at_once && results[i].depth() == 1) results[i].make();
            call.outputs[i].constant = results[i];
        }
    }

    /// If, whose condition has to be constant: the chosen branch is part of the graph.
    void branch(const NodeProto& node, const std::vector<std::size_t>& inputs, bool known) {
        const auto* yes = body(node, branches[0]);
        const auto* no = body(node, branches[1]);
        if (yes == nullptr || no == nullptr || inputs.size() != 1 || inputs[0] == Program::none)
            fail(Fault::missing, "If node '" + Call::label(node) + "'", "no branches or no condition", "both");
        if (!known) return skip(node, Status::supported, "");
        if (!values_.value(inputs[0]).constant || values_.value(inputs[0]).constant->size() != 1)
            return skip(node, Status::unsupported, "a condition that depends on the values of the network's inputs");
        const bool chosen = values_.value(inputs[0]).constant->real(0) != 0;
        report_.note(node, Status::folded, false);
        for (const NodeProto& inner : (*(chosen ? no : yes))->nodes) report_.note(inner, Status::folded, true);
        const GraphProto& graph = **(chosen ? yes : no);
        if (graph.outputs.size() != node.outputs.size())
            fail(Fault::mismatch, "If node '" + Call::label(node) + "'",
                 std::to_string(graph.outputs.size()) + " outputs of a branch", std::to_string(node.outputs.size()));
        values_.enter();
        left_ += 8 * values_.constants(graph);
        nodes(graph);
        std::vector<std::size_t> outputs;
        for (const ValueInfoProto& output : graph.outputs) {
            const auto at = values_.find(output.name);
            if (!at)
                fail(Fault::missing, "If node '" + Call::label(node) + "'",
                     "output '" + output.name + "' that nothing makes", "a value");
            outputs.push_back(*at);
        }
        values_.leave();
        for (std::size_t i = 0; i < outputs.size(); ++i) values_.define(node.outputs[i], outputs[i]);
    }

    /// Steps whose results only had their shapes looked at, and constants of which others were computed.
    void drop_unused() {
        auto& values = program_.values;
        auto& steps = program_.steps;
        std::vector<bool> wanted(values.size());
        for (const auto& output : program_.outputs) wanted[output.value] = true;
        std::vector<bool> live(steps.size());
        for (std::size_t i = steps.size(); i-- > 0;) {
            for (const std::size_t output : steps[i].outputs) live[i] = live[i] || wanted[output];
            if (!live[i]) report_.drop(steps[i].node);
            else
                for (const std::size_t input : steps[i].inputs)
                    if (input != Program::none) wanted[input] = true;
        }
        std::size_t next = 0;
        std::erase_if(steps, [&](const Program::Step&) { return !live[next++]; });
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!wanted[i]) values[i].value.constant.reset();
    }

    const InputShapes& shapes_;
    std::uint64_t left_;
    std::shared_ptr<Checking> checking_;  ///< until the graph is known to be right
    std::int64_t opset_ = 1;
    Program program_{};
    Values values_{program_, checking_};
    Report report_{checking_->memory};
};

}  // namespace folding

TAXON_DECL Folded fold(std::shared_ptr<const ModelProto> model, const InputShapes& shapes, const Limits& limits) {
    return folding::Folder(std::move(model), shapes, limits).fold();
}

}  // namespace taxon::onnx
