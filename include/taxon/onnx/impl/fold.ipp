#pragma once
#include <taxon/onnx/fold.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/printable.hpp>
#include <taxon/onnx/compute.hpp>
#include <taxon/onnx/operators.hpp>
#include <taxon/onnx/stored_numbers.hpp>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace taxon::onnx {
namespace detail {

class Folder {
  public:
    Folder(std::shared_ptr<const ModelProto> model, const InputShapes& shapes, const Limits& limits)
        : limits_(limits), shapes_(shapes), left_(limits.folded_elements) {
        folded_.program.model = std::move(model);
    }

    Folded fold() {
        const ModelProto& model = *folded_.program.model;
        const auto version = model.opset.find("");
        if (version == model.opset.end()) fail(Fault::missing, "model", "no version of ONNX's operators", "one");
        opset_ = version->second;
        if (opset_ < 1 || opset_ > newest)
            fail(Fault::version, "model", "operators of version " + std::to_string(opset_),
                 "1 to " + std::to_string(newest));
        scopes_.emplace_back();
        constants(model.graph);
        inputs(model.graph);
        nodes(model.graph);
        for (const ValueInfoProto& output : model.graph.outputs) {
            const auto value = find(output.name);
            if (!value) fail(Fault::missing, "output '" + output.name + "'", "that nothing makes", "a value");
            folded_.program.outputs.push_back({output.name, *value});
            if (is_open(*value)) note_open(*value);
        }
        if (model.graph.outputs.empty()) fail(Fault::missing, "graph", "no output", "one");
        drop_unused();
        conclude();
        return std::move(folded_);
    }

  private:
    using Status = Coverage::Status;

    static constexpr std::int64_t newest = 28;  ///< of ONNX 1.23; later ones may change what operators mean

    /// What is known of a value beyond its Value.
    enum class State : char { known, unknown, open };

    [[noreturn]] static void fail(Fault fault, const std::string& place, std::string_view found,
                                  std::string_view wanted) {
        throw Error(fault, {.place = place, .found = found, .wanted = wanted, .remedy = "export the file again"});
    }

    // ── Values ───────────────────────────────────────────────────────────────────────────────────────────────────────
    std::size_t add(const std::string& name, Value value, State state = State::known, std::string input = {}) {
        auto& values = folded_.program.values;
        values.push_back({name, std::move(value)});
        states_.push_back(state);
        open_inputs_.push_back(std::move(input));
        return values.size() - 1;
    }
    void define(const std::string& name, std::size_t value) {
        if (!name.empty() && !scopes_.back().emplace(name, value).second)
            fail(Fault::duplicate, "value '" + name + "'", "made twice", "once");
    }
    std::optional<std::size_t> find(const std::string& name) const {
        for (std::size_t i = scopes_.size(); i-- > 0;)
            if (const auto at = scopes_[i].find(name); at != scopes_[i].end()) return at->second;
        return std::nullopt;
    }
    const Value& value(std::size_t i) const { return folded_.program.values[i].value; }
    bool is_open(std::size_t i) const { return states_[i] == State::open; }

    void constants(const GraphProto& graph) {
        for (const TensorProto& one : graph.initializers) {
            Value value{one.type, one.shape, std::nullopt};
            const bool computed = is_computed(one.type);
            check_shape(one.shape);
            if (computed) {
                left_ += 8 * one.data.view.size();
                value.constant = tensor_of(one);
            }
            const std::size_t at = add(one.name, std::move(value), computed ? State::known : State::unknown);
            if (!computed) uncomputed_[at] = "initializer";
            define(one.name, at);
        }
    }

    void inputs(const GraphProto& graph) {
        std::set<std::string> names;
        for (const ValueInfoProto& input : graph.inputs) {
            if (find(input.name)) continue;  // an initializer that is listed as an input
            names.insert(input.name);
            Value value{input.type, {}, std::nullopt};
            const auto given = shapes_.find(input.name);
            const State state = shape(input, given == shapes_.end() ? nullptr : &given->second, value.shape)
                                    ? is_computed(input.type) ? State::known : State::unknown
                                    : State::open;
            const std::size_t at = add(input.name, std::move(value), state, input.name);
            if (state == State::unknown) uncomputed_[at] = "input";
            define(input.name, at);
            folded_.program.inputs.push_back({input.name, at});
        }
        for (const auto& [name, shape] : shapes_) {
            if (names.contains(name)) continue;
            std::string all;
            for (const std::string& one : names) all += (all.empty() ? "" : ", ") + one;
            throw Error(Fault::usage, {.place = "--shape",
                                       .found = "input '" + name + "'",
                                       .wanted = all.empty() ? "none: the model has no input" : "one of " + all});
        }
    }

    static void check_shape(const Dimensions& shape) {
        for (const std::int64_t size : shape)
            if (size > std::int64_t{1} << 40)
                fail(Fault::limit, "shape", io::to_string(shape), "sizes of 2^40 at most");
        io::element_count(shape);
    }
    /// False if a size stays open.
    static bool shape(const ValueInfoProto& input, const Dimensions* given, Dimensions& shape) {
        const auto refuse = [&](const std::string& declared) {
            throw Error(
                Fault::usage,
                {.place = "--shape of input '" + input.name + "'", .found = io::to_string(*given), .wanted = declared});
        };
        if (given != nullptr && !input.shape) return shape = *given, true;
        if (!input.shape) return false;
        std::string declared = "(";
        for (const auto& one : *input.shape)
            declared +=
                (declared.size() > 1 ? ", " : "") +
                (std::holds_alternative<std::string>(one) ? "any" : std::to_string(std::get<std::int64_t>(one)));
        declared += ")";
        if (given != nullptr && given->size() != input.shape->size()) refuse(declared);
        for (std::size_t i = 0; i < input.shape->size(); ++i) {
            const auto* size = std::get_if<std::int64_t>(&(*input.shape)[i]);
            if (given != nullptr && size != nullptr && *size != (*given)[i]) refuse(declared);
            if (given == nullptr && size == nullptr) return false;
            shape.push_back(given != nullptr ? (*given)[i] : *size);
        }
        check_shape(shape);
        return true;
    }

    // ── Nodes ────────────────────────────────────────────────────────────────────────────────────────────────────────
    static const std::shared_ptr<const GraphProto>* body(const NodeProto& node, std::string_view name) {
        const AttributeProto* attribute = node.attribute(name);
        return attribute == nullptr ? nullptr : std::get_if<std::shared_ptr<const GraphProto>>(&attribute->value);
    }
    static constexpr std::string_view branches[] = {"then_branch", "else_branch"};

    /// Adds all names that nodes of a body mention.
    static void mention(const GraphProto& graph, std::unordered_set<std::string_view>& names) {
        for (const ValueInfoProto& output : graph.outputs) names.insert(output.name);
        for (const NodeProto& node : graph.nodes) mention(node, names);
    }
    static void mention(const NodeProto& node, std::unordered_set<std::string_view>& names) {
        for (const std::string& input : node.inputs) names.insert(input);
        for (const AttributeProto& attribute : node.attributes)
            if (const auto* graph = std::get_if<std::shared_ptr<const GraphProto>>(&attribute.value))
                mention(**graph, names);
    }

    void nodes(const GraphProto& graph) {
        std::vector<bool> live(graph.nodes.size());
        std::unordered_set<std::string_view> wanted;
        for (const ValueInfoProto& output : graph.outputs) wanted.insert(output.name);
        for (std::size_t i = graph.nodes.size(); i-- > 0;) {
            for (const std::string& output : graph.nodes[i].outputs)
                live[i] = live[i] || (!output.empty() && wanted.contains(output));
            if (live[i]) mention(graph.nodes[i], wanted);
        }
        for (std::size_t i = 0; i < graph.nodes.size(); ++i)
            if (live[i]) node(graph.nodes[i]);
            else note(graph.nodes[i], Status::folded, true);
    }

    static std::string name_of_operation(const NodeProto& node) {
        return node.domain.empty() ? node.operation : node.domain + ":" + node.operation;
    }
    std::size_t note(const NodeProto& node, Status status, bool with_bodies) {
        folded_.coverage.nodes.push_back({name_of_operation(node), Call::label(node), status});
        const std::size_t at = folded_.coverage.nodes.size() - 1;
        if (with_bodies && node.operation == "If")
            for (const std::string_view name : branches)
                if (const auto* graph = body(node, name))
                    for (const NodeProto& inner : (*graph)->nodes)
                        note(inner, status == Status::folded ? status : status_of(inner), true);
        return at;
    }
    static Status status_of(const NodeProto& node) {
        if (!node.domain.empty()) return Status::foreign;
        return find_operator(node.operation) != nullptr && node.operation != "If" ? Status::supported
                                                                                  : Status::unsupported;
    }

    void node(const NodeProto& node) {
        std::vector<std::size_t> inputs;
        bool known = true;
        for (const std::string& name : node.inputs) {
            const auto at = name.empty() ? std::optional(Program::none) : find(name);
            if (!at)
                fail(Fault::missing, node.operation + " node '" + Call::label(node) + "'",
                     "input '" + name + "', which nothing before it makes", "nodes in order");
            inputs.push_back(*at);
            if (*at == Program::none) continue;
            known = known && states_[*at] == State::known;
            if (is_open(*at)) note_open(*at);
            if (const auto what = uncomputed_.find(*at); what != uncomputed_.end())
                refuse(what->second + " '" + folded_.program.values[*at].name +
                       "': [unsupported] found numbers of type " + std::string(name_of(value(*at).type)) +
                       ", wanted another type");
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

    /// An attribute or a number of inputs that the operator does not know.
    static std::optional<std::string> problem(const Operator& operation, const NodeProto& node) {
        for (const AttributeProto& attribute : node.attributes) {
            const std::string padded = " " + std::string(operation.attributes) + " ";
            if (padded.find(" " + attribute.name + " ") == padded.npos && attribute.name != "consumed_inputs")
                return "attribute '" + printable(attribute.name, 64) + "'";
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
        note(node, status, true);
        if (status != Status::supported) {
            refused_.add(name_of_operation(node) + (found.empty() ? "" : " with " + found), Call::label(node));
        }
        for (const std::string& output : node.outputs) define(output, add(output, {}, State::unknown));
    }

    void apply(const Operator& operation, const NodeProto& node, std::vector<std::size_t> inputs) {
        Call call;
        call.node = &node;
        call.opset = opset_;
        bool constant = true;
        for (const std::size_t i : inputs) {
            call.inputs.push_back(i == Program::none ? Value{} : value(i));
            constant = constant && (i == Program::none || value(i).constant);
        }
        bool made = true;
        try {
            // lists of sizes and places, which infer copies
            for (const Value& input : call.inputs)
                if (input.constant && !is_floating(input.type)) charge(call, input.constant->size());
            operation.infer(call);
            for (const Value& output : call.outputs) made = made && output.constant;
            if (constant && !made) compute_constants(operation, call);
        } catch (const Error& error) {
            const auto placed = [&] {
                Error::Facts facts = error.facts();
                if (facts.place.empty()) facts.place = call.place();
                return Error(error.fault(), facts);
            }();
            if (error.fault() != Fault::unsupported) throw placed;
            return skip(node, Status::unsupported,
                        printable(error.facts().found, 120) +
                            (error.facts().wanted.empty() ? "" : ", wanted " + error.facts().wanted));
        }
        if (node.outputs.size() > call.outputs.size())
            for (std::size_t i = call.outputs.size(); i < node.outputs.size(); ++i)
                if (!node.outputs[i].empty()) return skip(node, Status::unsupported, "output " + std::to_string(i));
        const bool is_folded = constant || made,
                   same = !is_folded && operation.is_identity != nullptr && operation.is_identity(call);
        const std::size_t at = note(node, is_folded || same ? Status::folded : Status::supported, true);
        if (same) return define(node.outputs[0], inputs[0]);
        std::vector<std::size_t> outputs;
        for (std::size_t i = 0; i < call.outputs.size(); ++i) {
            const std::string name = i < node.outputs.size() ? node.outputs[i] : std::string();
            outputs.push_back(add(name, call.outputs[i]));
            define(name, outputs.back());
        }
        if (is_folded) return;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (inputs[i] != Program::none && !value(inputs[i]).constant) call.inputs[i].constant.reset();
        }
        folded_.program.steps.push_back({&operation, std::move(call), std::move(inputs), std::move(outputs), at});
    }

    void charge(const Call& call, std::uint64_t work) {
        if (work > left_)
            call.fail(Fault::limit, "constants that take " + std::to_string(work) + " more numbers to compute",
                      "at most " + std::to_string(left_));
        left_ -= work;
    }

    void compute_constants(const Operator& operation, Call& call) {
        auto work = static_cast<std::uint64_t>(std::min(call.flops / 16 + call.work, 0x1p62));
        for (const Value& output : call.outputs) work += io::element_count(output.shape);
        for (const Value& input : call.inputs) work += io::element_count(input.shape);
        charge(call, work);
        for (const Value& input : call.inputs) call.operands.push_back(input.constant ? *input.constant : Tensor());
        compute(operation, call);
        for (std::size_t i = 0; i < call.outputs.size(); ++i) call.outputs[i].constant = call.results[i];
    }

    /// If, whose condition has to be constant: the chosen branch is part of the graph.
    void branch(const NodeProto& node, const std::vector<std::size_t>& inputs, bool known) {
        const auto* yes = body(node, branches[0]);
        const auto* no = body(node, branches[1]);
        if (yes == nullptr || no == nullptr || inputs.size() != 1 || inputs[0] == Program::none)
            fail(Fault::missing, "If node '" + Call::label(node) + "'", "no branches or no condition", "both");
        if (!known) return skip(node, Status::supported, "");
        if (!value(inputs[0]).constant || value(inputs[0]).constant->size() != 1)
            return skip(node, Status::unsupported, "a condition that depends on the values of the network's inputs");
        const bool chosen = value(inputs[0]).constant->real(0) != 0;
        note(node, Status::folded, false);
        for (const NodeProto& inner : (*(chosen ? no : yes))->nodes) note(inner, Status::folded, true);
        const GraphProto& graph = **(chosen ? yes : no);
        if (graph.outputs.size() != node.outputs.size())
            fail(Fault::mismatch, "If node '" + Call::label(node) + "'",
                 std::to_string(graph.outputs.size()) + " outputs of a branch", std::to_string(node.outputs.size()));
        scopes_.emplace_back();
        constants(graph);
        nodes(graph);
        std::vector<std::size_t> outputs;
        for (const ValueInfoProto& output : graph.outputs) {
            const auto at = find(output.name);
            if (!at)
                fail(Fault::missing, "If node '" + Call::label(node) + "'",
                     "output '" + output.name + "' that nothing makes", "a value");
            outputs.push_back(*at);
        }
        scopes_.pop_back();
        for (std::size_t i = 0; i < outputs.size(); ++i) define(node.outputs[i], outputs[i]);
    }

    // ── The result ───────────────────────────────────────────────────────────────────────────────────────────────────
    void refuse(std::string reason) {
        if (reason_.empty()) reason_ = std::move(reason);
    }
    void note_open(std::size_t value) {
        refuse("input '" + open_inputs_[value] +
               "': [shape] found a shape that is open, wanted one with all sizes; give it with --shape " +
               open_inputs_[value] + "=…");
    }

    /// Steps whose results only had their shapes looked at.
    void drop_unused() {
        auto& [model, values, steps, inputs, outputs] = folded_.program;
        std::vector<bool> wanted(values.size());
        for (const auto& output : outputs) wanted[output.value] = true;
        std::vector<bool> live(steps.size());
        for (std::size_t i = steps.size(); i-- > 0;) {
            for (const std::size_t output : steps[i].outputs) live[i] = live[i] || wanted[output];
            if (!live[i]) folded_.coverage.nodes[steps[i].node].status = Status::folded;
            else
                for (const std::size_t input : steps[i].inputs)
                    if (input != Program::none) wanted[input] = true;
        }
        std::size_t next = 0;
        std::erase_if(steps, [&](const Program::Step&) { return !live[next++]; });
    }

    void conclude() {
        if (!refused_.empty()) {
            reason_ = "[unsupported] found what is not computed: " + refused_.list() +
                      "; export the model with other operators, or cut it before them";
        }
        folded_.coverage.reason = reason_;
        for (const State state : states_) folded_.shapes_known.push_back(state == State::known);
    }

    Limits limits_;
    const InputShapes& shapes_;
    std::uint64_t left_;
    std::int64_t opset_ = 1;
    Folded folded_{};
    std::vector<std::unordered_map<std::string, std::size_t>> scopes_{};
    std::vector<State> states_{};                      ///< of each value
    std::vector<std::string> open_inputs_{};           ///< for each value the input that it is
    std::map<std::size_t, std::string> uncomputed_{};  ///< inputs and initializers of types that are not computed
    Coverage::Refusals refused_{};
    std::string reason_{};
};

}  // namespace detail

TAXON_DECL Folded fold(std::shared_ptr<const ModelProto> model, const InputShapes& shapes, const Limits& limits) {
    return detail::Folder(std::move(model), shapes, limits).fold();
}

}  // namespace taxon::onnx
