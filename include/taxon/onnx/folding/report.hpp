#pragma once
#include <cstddef>
#include <string>
#include <taxon/io/memory_budget.hpp>
#include <taxon/onnx/call.hpp>
#include <taxon/onnx/coverage.hpp>
#include <taxon/onnx/folding/live_nodes.hpp>
#include <taxon/onnx/model.hpp>
#include <taxon/onnx/operators.hpp>
#include <utility>

namespace taxon::onnx::folding {

/// What becomes of each node, and the reason why the file cannot be imported.
class Report {
  public:
    using Status = Coverage::Status;

    explicit Report(io::MemoryBudget& memory) : memory_(memory) {}

    /// Notes a node, and those in the branches of If; returns its place in Coverage::nodes.
    std::size_t note(const NodeProto& node, Status status, bool with_bodies) {
        // as often as a report in text and JSON says them
        memory_.charge(4 * (node.operation.size() + node.domain.size() + Call::label(node).size()));
        memory_.reserve(coverage_.nodes, 1);
        coverage_.nodes.push_back({name_of_operation(node), Call::label(node), status});
        const std::size_t at = coverage_.nodes.size() - 1;
        if (with_bodies && node.operation == "If")
            for (const std::string_view name : branches)
                if (const auto* graph = body(node, name))
                    for (const NodeProto& inner : (*graph)->nodes)
                        note(inner, status == Status::folded ? status : status_of(inner), true);
        return at;
    }
    /// A node that is not computed, or does not have to be.
    void skip(const NodeProto& node, Status status, const std::string& found) {
        note(node, status, true);
        if (status != Status::supported)
            refused_.add(name_of_operation(node) + (found.empty() ? "" : " with " + found), Call::label(node));
    }
    void drop(std::size_t node) { coverage_.nodes[node].status = Status::folded; }

    /// The first reason stands.
    void refuse(std::string reason) {
        if (coverage_.reason.empty()) coverage_.reason = std::move(reason);
    }
    void refuse_open(const std::string& input) {
        refuse("input '" + input +
               "': [shape] found a shape that is open, wanted one with all sizes; give it with --shape " + input +
               "=…");
    }

    Coverage coverage() && {
        if (!refused_.empty())
            coverage_.reason = "[unsupported] found what is not computed: " + refused_.list() +
                               "; export the model with other operators, or cut it before them";
        return std::move(coverage_);
    }

  private:
    static std::string name_of_operation(const NodeProto& node) {
        return node.domain.empty() ? node.operation : node.domain + ":" + node.operation;
    }
    static Status status_of(const NodeProto& node) {
        if (!node.domain.empty()) return Status::foreign;
        return find_operator(node.operation) != nullptr && node.operation != "If" ? Status::supported
                                                                                  : Status::unsupported;
    }

    io::MemoryBudget& memory_;
    Coverage coverage_{};
    Coverage::Refusals refused_{};
};

}  // namespace taxon::onnx::folding
