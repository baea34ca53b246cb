#pragma once
#include <map>
#include <taxon/onnx/lower.hpp>
#include <taxon/onnx/lowering/range.hpp>
#include <taxon/onnx/lowering/table.hpp>

namespace taxon::onnx {
namespace lowering {

/// Operators that read pictures; an input that only such read is a picture, and any other one dense.
inline bool reads_picture(const Program::Step& step) {
    constexpr std::array<std::string_view, 11> operators{"Conv",
                                                         "ConvTranspose",
                                                         "MaxPool",
                                                         "AveragePool",
                                                         "GlobalAveragePool",
                                                         "GlobalMaxPool",
                                                         "Resize",
                                                         "Upsample",
                                                         "BatchNormalization",
                                                         "QLinearConv",
                                                         "InstanceNormalization"};
    return std::ranges::find(operators, step.call.node->operation) != operators.end();
}

inline void add_inputs(Lowering& to) {
    if (to.program.inputs.empty())
        throw Error(Fault::unsupported, {.found = "a network without inputs", .wanted = "one or more"});
    for (const Program::Port& port : to.program.inputs) {
        const Value& value = to.program.value(port);
        const Dimensions& shape = value.shape;
        const auto& users = to.users(port.value);
        const bool picture =
            (shape.size() == 4 || shape.size() == 3) && shape[0] == 1 && !users.empty() &&
            std::ranges::all_of(users, [&](std::size_t user) { return reads_picture(to.program.steps[user]); });
        const std::int64_t count = View::in_order(0, shape).size();
        if (count > most_numbers)
            throw Error(Fault::limit, {.place = "input '" + port.name + "'",
                                       .found = std::to_string(count) + " numbers",
                                       .wanted = number_bound});
        to.network.inputs.push_back({port.name, value.type, shape,
                                     picture ? Lowering::picture_shape(shape) : Lowering::dense(count),
                                     static_cast<int>(to.network.inputs.size())});
    }
    for (std::size_t i = 0; i < to.program.inputs.size(); ++i) {
        const Program::Port& port = to.program.inputs[i];
        const Dimensions& shape = to.program.value(port).shape;
        const auto value = static_cast<int>(i);
        to.define(port.value, to.is_picture(value) ? to.of_picture(value, shape) : View::in_order(value, shape));
    }
}

/// True of a picture that is read channel by channel, as an output is written.
inline bool is_planes(const Lowering& to, const View& view) {
    const Shape own = to.shape_of(view.value);
    View planes{view.value, {own.channels, own.height, own.width}, {1, own.channels * own.width, own.channels}};
    const auto read = planes.reshaped(view.shape);
    if (!read || view.first != 0) return false;
    for (std::size_t i = 0; i < view.rank(); ++i)
        if (view.shape[i] != 1 && view.by[i] != read->by[i]) return false;
    return true;
}

/// Numbers in the file's order: those of a whole picture, or a dense value.
inline void add_output(Lowering& to, const Program::Port& port) {
    const Value& value = to.program.value(port);
    View view = to.view(port.value);
    const bool made = to.layer_of(view.value) != nullptr && to.layer_of(view.value)->node.op != Op::constant;
    const Shape own = to.shape_of(view.value);
    int result = none;
    if (made && !own.table && view.size() == own.size()) {
        const bool planes = own.pixels() == 1 ? view.is_in_order() : is_planes(to, view);
        if (planes) result = view.value;
    }
    if (result == none) {
        const std::string name = port.name + ".output";
        view = to.in_dense(view);
        const bool ordered = view.is_in_order() && view.size() == to.shape_of(view.value).size() && made;
        result = ordered ? view.value : to.add_map(name, MapFunction::copy, view.shape, {view}, {});
    }
    to.network.outputs.push_back({port.name, value.type, value.shape, to.shape_of(result), result});
}

/// Puts the convolution of a shortcut before the longer branch beside it, as authors write it, so that the last layer
/// of that branch takes the sum in: exporters trace shortcuts last.
inline void order_shortcuts(Network& network) {
    const std::size_t inputs = network.inputs.size(), count = inputs + network.layers.size();
    const auto layer = [&](std::size_t value) -> const Network::Layer& { return network.layers[value - inputs]; };
    std::vector<std::size_t> first_reader(count, count);
    for (std::size_t value = count; value-- > inputs;)
        for (const int operand : layer(value).operands) first_reader[static_cast<std::size_t>(operand)] = value;
    std::map<std::size_t, std::vector<std::size_t>> before;  // of a layer, the shortcuts that move there
    std::vector<bool> moves(count);
    for (std::size_t sum = inputs; sum < count; ++sum) {
        if (layer(sum).node.op != Op::add) continue;
        const auto [a, b] = std::minmax(layer(sum).operands[0], layer(sum).operands[1]);
        const auto other = static_cast<std::size_t>(a), last = static_cast<std::size_t>(b);
        if (other < inputs || layer(other).node.op != Op::convolution || layer(last).node.op != Op::convolution)
            continue;
        const std::size_t first = first_reader[static_cast<std::size_t>(layer(last).operands[0])];
        if (first >= other || moves[last]) continue;
        before[first].push_back(last);
        moves[last] = true;
    }
    std::vector<int> number(count);
    std::vector<std::size_t> order;
    for (std::size_t value = inputs; value < count; ++value) {
        if (const auto at = before.find(value); at != before.end())
            order.insert(order.end(), at->second.begin(), at->second.end());
        if (!moves[value]) order.push_back(value);
    }
    for (std::size_t value = 0; value < inputs; ++value) number[value] = static_cast<int>(value);
    std::vector<Network::Layer> ordered;
    for (const std::size_t value : order) {
        number[value] = static_cast<int>(inputs + ordered.size());
        ordered.push_back(std::move(network.layers[value - inputs]));
    }
    network.layers = std::move(ordered);
    for (Network::Layer& one : network.layers)
        for (int& operand : one.operands) operand = number[static_cast<std::size_t>(operand)];
    for (Network::Port& output : network.outputs) output.value = number[static_cast<std::size_t>(output.value)];
}

/// Leaves out the layers that no output needs.
inline void prune(Network& network) {
    const std::size_t inputs = network.inputs.size();
    std::vector<bool> live(inputs + network.layers.size());
    for (const Network::Port& output : network.outputs) live[static_cast<std::size_t>(output.value)] = true;
    for (std::size_t i = network.layers.size(); i-- > 0;)
        if (live[inputs + i])
            for (const int operand : network.layers[i].operands) live[static_cast<std::size_t>(operand)] = true;
    std::vector<int> number(live.size());
    int next = 0;
    for (std::size_t i = 0; i < live.size(); ++i) number[i] = i < inputs || live[i] ? next++ : none;
    std::size_t at = inputs;
    std::erase_if(network.layers, [&](const Network::Layer&) { return !live[at++]; });
    for (Network::Layer& layer : network.layers)
        for (int& operand : layer.operands) operand = number[static_cast<std::size_t>(operand)];
    for (Network::Port& output : network.outputs) output.value = number[static_cast<std::size_t>(output.value)];
}

/// A step that is refused.
struct Refusal {
    const Program::Step* step;
    std::string found;
};

/// Whole numbers of fewer bits than a float holds exactly wrap around, as those of their type do.
inline void wrap(const Operation& o) {
    for (std::size_t i = 0; i < o.step.outputs.size(); ++i) {
        const Range range = range_of(o.to.value(o.step.outputs[i]).type);
        View x = o.to.view(o.step.outputs[i]);
        if (range.low != 0) x = o.map(".shift", MapFunction::subtract, x, range.low);
        x = o.map(".wrap", MapFunction::modulo, x, range.high - range.low + 1);
        o.define(range.low != 0 ? o.map(".back", MapFunction::add, x, range.low) : x, i);
    }
}

/// Refuses values that are larger than a network can be: see lowering/bounds.hpp.
inline void require_sizes(const Operation& o) {
    const auto require = [&](const std::string& what, std::size_t value) {
        if (value == Program::none) return;
        const Dimensions& shape = o.to.value(value).shape;
        if (io::element_count(shape) > std::uint64_t{most_numbers}) o.refuse(what + io::to_string(shape), number_bound);
    };
    for (const std::size_t input : o.step.inputs) require("an input of ", input);
    for (const std::size_t output : o.step.outputs) require("an output of ", output);
}

inline void lower_step(const Operation& o, Ranges& ranges) {
    require_sizes(o);
    const Lowered* lowered = find_lowered(o.call().node->operation);
    const Ranges::Finding finding = ranges.of(o.step);
    if (lowered == nullptr) o.refuse("");
    if (!finding.refused.empty()) o.refuse(finding.refused);
    if (!lower_pattern(o)) lowered->lower(o);
    if (finding.wraps) wrap(o);
}

/// Steps after one that is refused read zeros in its place, so that all are found.
inline Network lowered(const Program& program, std::vector<Refusal>& refusals) {
    if (program.outputs.size() > Tracer::most_outputs)
        throw Error(Fault::unsupported,
                    {.found = std::to_string(program.outputs.size()) + " outputs",
                     .wanted = "at most " + std::to_string(Tracer::most_outputs),
                     .remedy = "export the model with fewer, or let import_onnx run compute it without layers"});
    Lowering to(program);
    add_inputs(to);
    Ranges ranges(program);
    for (const Program::Step& step : program.steps) {
        const auto is_done = [&](std::size_t output) {
            return to.has_view(output) || io::element_count(to.value(output).shape) == 0;
        };
        if (std::ranges::all_of(step.outputs, is_done)) continue;
        try {
            lower_step({to, step}, ranges);
        } catch (const Error& error) {
            if (error.fault() != Fault::unsupported && error.fault() != Fault::limit) throw;
            const Error::Facts& facts = error.facts();
            refusals.push_back({&step, facts.found + (facts.wanted.empty() ? "" : ", wanted " + facts.wanted)});
            for (const std::size_t output : step.outputs)
                if (!is_done(output))
                    to.define(output, to.constant_view(0, "refused").broadcast(to.value(output).shape));
        }
    }
    if (!refusals.empty()) return {};
    for (const Program::Port& output : program.outputs) add_output(to, output);
    prune(to.network);
    order_shortcuts(to.network);
    if (program.checking) program.checking->begin(Checking::Stage::over);
    return std::move(to.network);
}

/// "Foo (node 'a' and 2 more), Bar with … (node 'b')".
inline std::string listed(const std::vector<Refusal>& refusals) {
    Coverage::Refusals all;
    for (const auto& [step, found] : refusals)
        all.add(step->call.node->operation + (found.empty() ? "" : " with " + found), Call::label(*step->call.node));
    return all.list();
}

}  // namespace lowering

TAXON_DECL Network lower(const Program& program) {
    std::vector<lowering::Refusal> refusals;
    Network network = lowering::lowered(program, refusals);
    if (refusals.empty()) return network;
    throw Error(Fault::unsupported, {.found = "what has no layer: " + lowering::listed(refusals)});
}

TAXON_DECL std::optional<Network> lower(Folded& folded) {
    std::vector<lowering::Refusal> refusals;
    Coverage& coverage = folded.coverage;
    try {
        Network network = lowering::lowered(folded.program, refusals);
        if (refusals.empty()) return network;
    } catch (const Error& error) {
        if (error.fault() != Fault::unsupported && error.fault() != Fault::limit) throw;
        coverage.reason = error.what();
        return std::nullopt;
    }
    for (const lowering::Refusal& refusal : refusals)
        coverage.nodes[refusal.step->node].status = Coverage::Status::unsupported;
    coverage.reason = "[unsupported] found what has no layer: " + lowering::listed(refusals) +
                      "; export the model with other operators, or let import_onnx run compute it without layers";
    return std::nullopt;
}

}  // namespace taxon::onnx
