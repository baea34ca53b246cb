#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/onnx/checking.hpp>
#include <taxon/onnx/folding/failure.hpp>
#include <taxon/onnx/folding/input_shape.hpp>
#include <taxon/onnx/model.hpp>
#include <taxon/onnx/program.hpp>
#include <taxon/onnx/stored_numbers.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx::folding {

/// The values of a program: by which names nodes find them, and what is known of each.
class Values {
  public:
    /// What is known of a value beyond its Value.
    enum class State : char { known, unknown, open };

    Values(Program& program, std::shared_ptr<Checking> checking) : program_(program), checking_(std::move(checking)) {}

    /// Names from here on are those of a graph within the graph, until `leave`.
    void enter() { scopes_.emplace_back(); }
    void leave() { scopes_.pop_back(); }

    std::size_t add(const std::string& name, Value value, State state = State::known, std::string input = {}) {
        auto& values = program_.values;
        // with a name in a scope, and shapes that steps and tensors repeat
        checking_->memory.charge(sizeof(Program::NamedValue) + sizeof(Value) + 192 + 2 * name.size() +
                                 4 * value.shape.size() * sizeof(std::int64_t));
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
    const Value& value(std::size_t i) const { return program_.values[i].value; }
    bool is_known(std::size_t i) const { return states_[i] == State::known; }
    bool is_open(std::size_t i) const { return states_[i] == State::open; }
    const std::string& open_input(std::size_t i) const { return open_inputs_[i]; }

    /// "input 'x'" or "initializer 'w'" if it is of a type that is not computed; else "".
    std::string uncomputed(std::size_t i) const {
        const auto at = uncomputed_.find(i);
        return at == uncomputed_.end() ? std::string() : at->second + " '" + program_.values[i].name + "'";
    }
    std::vector<bool> known() const {
        std::vector<bool> all;
        for (const State state : states_) all.push_back(state == State::known);
        return all;
    }

    /// Adds a graph's initializers; returns the bytes of all that are computed with.
    std::uint64_t constants(const GraphProto& graph) {
        std::uint64_t bytes = 0;
        for (const TensorProto& one : graph.initializers) {
            Value value{one.type, one.shape, std::nullopt};
            const bool computed = is_computed(one.type);
            check_shape(one.shape);
            if (computed) {
                bytes += one.data.view.size();
                value.constant = tensor_of(one, checking_);
            }
            const std::size_t at = add(one.name, std::move(value), computed ? State::known : State::unknown);
            if (!computed) uncomputed_[at] = "initializer";
            define(one.name, at);
        }
        return bytes;
    }

    /// Adds the model's inputs, with these shapes where the file leaves them open.
    void inputs(const GraphProto& graph, const std::map<std::string, Dimensions>& shapes) {
        std::set<std::string> names;
        for (const ValueInfoProto& input : graph.inputs) {
            if (find(input.name)) continue;  // an initializer that is listed as an input
            names.insert(input.name);
            Value value{input.type, {}, std::nullopt};
            const auto given = shapes.find(input.name);
            const State state = find_shape(input, given == shapes.end() ? nullptr : &given->second, value.shape)
                                    ? is_computed(input.type) ? State::known : State::unknown
                                    : State::open;
            const std::size_t at = add(input.name, std::move(value), state, input.name);
            if (state == State::unknown) uncomputed_[at] = "input";
            define(input.name, at);
            program_.inputs.push_back({input.name, at});
        }
        for (const auto& [name, shape] : shapes) {
            if (names.contains(name)) continue;
            std::string all;
            for (const std::string& one : names) all += (all.empty() ? "" : ", ") + one;
            throw Error(Fault::usage, {.place = "--shape",
                                       .found = "input '" + name + "'",
                                       .wanted = all.empty() ? "none: the model has no input" : "one of " + all});
        }
    }

  private:
    Program& program_;
    std::shared_ptr<Checking> checking_;
    std::vector<std::map<std::string, std::size_t>> scopes_{};  // a file cannot make all hashes of names equal
    std::vector<State> states_{};                               ///< of each value
    std::vector<std::string> open_inputs_{};                    ///< for each value the input that it is
    std::map<std::size_t, std::string> uncomputed_{};  ///< inputs and initializers of types that are not computed
};

}  // namespace taxon::onnx::folding
