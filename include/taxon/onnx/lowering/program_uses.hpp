#pragma once
#include <map>
#include <optional>
#include <taxon/onnx/program.hpp>
#include <unordered_set>
#include <vector>

namespace taxon::onnx::lowering {

/// A program, and which step makes and which steps read each of its values.
class ProgramUses {
  public:
    explicit ProgramUses(const Program& source) : program(source), users_(source.values.size()) {
        for (std::size_t i = 0; i < source.steps.size(); ++i) {
            for (const std::size_t input : source.steps[i].inputs)
                if (input != Program::none) users_[input].push_back(i);
            for (const std::size_t output : source.steps[i].outputs) producers_[output] = i;
        }
        for (const Program::Port& output : source.outputs) outputs_.insert(output.value);
    }

    const Program& program;

    const Value& value(std::size_t i) const { return program.values[i].value; }
    /// The step that makes a value; null for inputs and constants.
    const Program::Step* producer(std::size_t i) const {
        const auto at = producers_.find(i);
        return at == producers_.end() ? nullptr : &program.steps[at->second];
    }
    /// The only step that reads a value; null if there are more, or it is an output.
    const Program::Step* only_user(std::size_t i) const {
        return users_[i].size() == 1 && !outputs_.contains(i) ? &program.steps[users_[i][0]] : nullptr;
    }
    const std::vector<std::size_t>& users(std::size_t i) const { return users_[i]; }
    const Tensor* constant(std::size_t i) const {
        return i == Program::none || !value(i).constant ? nullptr : &*value(i).constant;
    }
    /// The number of a constant that is the same everywhere.
    std::optional<double> scalar(std::size_t i) const {
        const Tensor* tensor = constant(i);
        if (tensor == nullptr || tensor->size() == 0) return std::nullopt;
        for (std::size_t k = 1; k < tensor->size() && tensor->size() <= 4096; ++k)
            if (tensor->real(k) != tensor->real(0)) return std::nullopt;
        return tensor->size() <= 4096 ? std::optional(tensor->real(0)) : std::nullopt;
    }

  private:
    std::vector<std::vector<std::size_t>> users_;  ///< of each value, its readers
    std::map<std::size_t, std::size_t> producers_{};
    std::unordered_set<std::size_t> outputs_{};
};

}  // namespace taxon::onnx::lowering
