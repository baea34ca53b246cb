#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <taxon/core/printable.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx {

/// What becomes of each node of a file.
struct Coverage {
    enum class Status { folded, supported, unsupported, foreign };
    struct Node {
        std::string operation;  ///< Conv, or domain:Operator
        std::string name;
        Status status;
    };
    /// All nodes of an operator. It is supported if one of them is computed, folded if none is left.
    struct Row {
        std::size_t count = 0;
        Status status = Status::folded;
        std::vector<std::string> nodes{};  ///< those that are not supported
    };

    std::vector<Node> nodes{};  ///< in the file's order, with those of the bodies of If
    std::string reason{};       ///< why the file cannot be imported; empty if it can

    /// What is refused: for each use of an operator the first node, and how many there are; ten of them at most.
    class Refusals {
      public:
        void add(const std::string& use, const std::string& node) {
            auto& [first, count] = uses_[use];
            if (count++ == 0) first = node;
        }
        bool empty() const { return uses_.empty(); }
        std::string list() const {
            constexpr std::size_t most = 10;
            std::string list;
            std::size_t listed = 0;
            for (const auto& [what, use] : uses_) {
                if (listed++ == most) break;
                list += (listed == 1 ? "" : ", ") + what + " (node '" + printable(use.first, 64) + "'" +
                        (use.second > 1 ? " and " + std::to_string(use.second - 1) + " more" : "") + ")";
            }
            if (uses_.size() > most) list += " and " + std::to_string(uses_.size() - most) + " more";
            return list;
        }

      private:
        std::map<std::string, std::pair<std::string, std::size_t>> uses_{};
    };

    std::map<std::string, Row> by_operator() const {
        std::map<std::string, Row> rows;
        for (const Node& node : nodes) {
            Row& row = rows[node.operation];
            ++row.count;
            row.status = std::max(row.status, node.status);
            if (node.status > Status::supported) row.nodes.push_back(node.name);
        }
        return rows;
    }
};

constexpr const char* name_of(Coverage::Status status) {
    constexpr const char* names[] = {"folded", "supported", "unsupported", "foreign"};
    return names[static_cast<int>(status)];
}

}  // namespace taxon::onnx
