#pragma once
#include <string>
#include <taxon/onnx/writer/statement.hpp>
#include <vector>

namespace taxon::onnx::writer {

/// A function of a header: the network's trace, or a block of layers that is there several times.
struct Function {
    std::string name{};
    std::vector<std::string> sizes{};     ///< template parameters, in place of the numbers that differ
    bool has_scope = false;               ///< takes the path that its layers' names begin with
    std::vector<std::string> counters{};  ///< numbers within names
    std::vector<std::string> names{};     ///< names without a rule
    std::vector<int> parameters{};        ///< values
    std::vector<Statement> statements{};
    std::vector<int> results{};  ///< values
};

}  // namespace taxon::onnx::writer
