#pragma once
#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <taxon/onnx/model.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx {

using Attributes = std::vector<AttributeProto>;
using Names = std::vector<std::string>;
using Integers = std::vector<std::int64_t>;

/// A graph under construction. A node and its first output are called PATH/Operation, PATH being the layer's in the
/// state dict; constants are initializers, and equal ones are the same.
class GraphWriter {
  public:
    explicit GraphWriter(std::string name) { graph_.name = std::move(name); }

    /// Keeps a name from being given to anything else.
    void reserve(const std::string& name) { taken_.insert(name); }

    /// Adds a node, if there is none yet that computes the same; returns the names of its results.
    Names results(std::string_view path, const std::string& operation, Names inputs, Attributes attributes, int count) {
        const bool is_shared = can_be_compared(attributes);
        const std::string key = std::to_string(count) + key_of(operation, inputs, attributes);
        if (const auto same = computed_.find(key); is_shared && same != computed_.end()) return same->second;
        const std::string name = unique(path.empty() ? operation : std::string(path) + "/" + operation);
        Names outputs{name};
        while (static_cast<int>(outputs.size()) < count)
            outputs.push_back(unique(name + ":" + std::to_string(outputs.size())));
        graph_.nodes.push_back({name, operation, {}, std::move(inputs), outputs, std::move(attributes), {}});
        if (is_shared) computed_[key] = outputs;
        return outputs;
    }
    /// The same for one result.
    std::string node(std::string_view path, const std::string& operation, Names inputs, Attributes attributes = {}) {
        return results(path, operation, std::move(inputs), std::move(attributes), 1).front();
    }

    /// A tensor of the state dict, or another one of that name; it must not be there yet.
    std::string initializer(std::string_view name, Dimensions shape, std::vector<float> numbers) {
        const std::string given = unique(std::string(name));
        const auto kept = std::make_shared<const std::vector<float>>(std::move(numbers));
        graph_.initializers.push_back(
            {given, DataType::float32, std::move(shape), {std::as_bytes(std::span(*kept)), kept}});
        return given;
    }

    /// The same for a constant of any layer, which its name determines.
    std::string shared_initializer(const std::string& name, Dimensions shape, std::vector<float> numbers) {
        return constants_.insert(name).second ? initializer(name, std::move(shape), std::move(numbers)) : name;
    }
    std::string real(double number) {
        const auto narrow = static_cast<float>(number);
        const std::string name = "constant/" + spelt(narrow);
        return shared_initializer(name, {}, {narrow});
    }
    std::string reals(const std::vector<float>& numbers) {
        std::string name = "constant/reals";
        for (const float number : numbers) name.append("_").append(spelt(number));
        const auto size = static_cast<std::int64_t>(numbers.size());
        return shared_initializer(name, {size}, numbers);
    }
    /// A byte, or the same one for each of several channels.
    template <class Integer>
    std::string bytes(Integer number, Dimensions shape = {}) {
        static_assert(sizeof(Integer) == 1);
        std::string name =
            std::string("constant/") + (std::is_signed_v<Integer> ? "" : "u") + "int8_" + std::to_string(number);
        for (const std::int64_t size : shape) name.append("_times_").append(std::to_string(size));
        if (!constants_.insert(name).second) return name;
        const std::vector<Integer> numbers(static_cast<std::size_t>(shape.empty() ? 1 : shape.front()), number);
        return raw(name, std::is_signed_v<Integer> ? DataType::int8 : DataType::uint8, std::move(shape),
                   std::span(numbers));
    }
    /// A list of integers, such as a shape.
    std::string integers(const Integers& numbers) {
        constexpr std::size_t most_spelt = 8;
        const Dimensions shape{static_cast<std::int64_t>(numbers.size())};
        std::string name = "constant/integers";
        if (numbers.size() > most_spelt) return raw(name, DataType::int64, shape, std::span(numbers));
        for (const std::int64_t number : numbers) name.append("_").append(std::to_string(number));
        return constants_.insert(name).second ? raw(name, DataType::int64, shape, std::span(numbers)) : name;
    }
    /// A single one.
    std::string integer(const std::int64_t number) {
        const std::string name = "constant/integer_" + std::to_string(number);
        return constants_.insert(name).second ? raw(name, DataType::int64, {}, std::span(&number, 1)) : name;
    }
    /// A tensor of integers, one byte each or more.
    template <class Integer>
    std::string raw(std::string_view name, DataType type, Dimensions shape, std::span<const Integer> numbers) {
        const std::string given = unique(std::string(name));
        const auto bytes = std::as_bytes(numbers);
        graph_.initializers.push_back({given, type, std::move(shape), SharedBytes::of({bytes.begin(), bytes.end()})});
        return given;
    }

    void input(ValueInfoProto value) { graph_.inputs.push_back(std::move(value)); }

    /// Makes a value an output of the graph under another name, which is reserved already.
    void output(const std::string& value, ValueInfoProto as) {
        NodeProto* maker = nullptr;
        for (NodeProto& node : graph_.nodes)
            for (const std::string& result : node.outputs)
                if (result == value) maker = &node;
        if (maker == nullptr) {  // an input, a constant, or an output already
            const auto other = outputs_.find(value);
            const std::string& source = other == outputs_.end() ? value : other->second;
            graph_.nodes.push_back({unique(as.name + "/Identity"), "Identity", {}, {source}, {as.name}, {}, {}});
        } else {
            outputs_[value] = as.name;
            const auto rename = [&](Names& names) {
                for (std::string& name : names)
                    if (name == value) name = as.name;
            };
            rename(maker->outputs);
            for (NodeProto& node : graph_.nodes) rename(node.inputs);
        }
        graph_.outputs.push_back(std::move(as));
    }

    /// The graph, without nodes and initializers that nothing reads.
    GraphProto take() {
        std::set<std::string> read;
        for (const ValueInfoProto& output : graph_.outputs) read.insert(output.name);
        std::vector<NodeProto> live;
        for (auto node = graph_.nodes.rbegin(); node != graph_.nodes.rend(); ++node) {
            const auto is_read = [&](const std::string& result) { return read.contains(result); };
            if (std::none_of(node->outputs.begin(), node->outputs.end(), is_read)) continue;
            read.insert(node->inputs.begin(), node->inputs.end());
            live.push_back(std::move(*node));
        }
        graph_.nodes.assign(std::move_iterator(live.rbegin()), std::move_iterator(live.rend()));
        std::erase_if(graph_.initializers, [&](const TensorProto& one) { return !read.contains(one.name); });
        return std::move(graph_);
    }

  private:
    /// Tensors, graphs and lists of others than integers are in no key.
    static bool can_be_compared(const Attributes& attributes) {
        return std::all_of(attributes.begin(), attributes.end(), [](const AttributeProto& attribute) {
            const auto& value = attribute.value;
            return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<float>(value) ||
                   std::holds_alternative<std::string>(value) || std::holds_alternative<Integers>(value);
        });
    }
    static std::string key_of(const std::string& operation, const Names& inputs, const Attributes& attributes) {
        std::string key = operation;
        for (const std::string& input : inputs) key.append("\n").append(input);
        for (const AttributeProto& attribute : attributes) {
            key.append("\n=").append(attribute.name);
            const auto add = [&key](const auto& value) {
                using Value = std::decay_t<decltype(value)>;
                if constexpr (std::is_same_v<Value, std::string>) key.append(" ").append(value);
                else if constexpr (std::is_same_v<Value, float>) key.append(" ").append(spelt(value));
                else if constexpr (std::is_same_v<Value, std::int64_t>) key.append(" ").append(std::to_string(value));
                else if constexpr (std::is_same_v<Value, Integers>)
                    for (const std::int64_t one : value) key.append(" ").append(std::to_string(one));
            };
            std::visit(add, attribute.value);
        }
        return key;
    }
    static std::string spelt(float number) {
        char text[32];
        return std::string(text, std::to_chars(text, std::end(text), number).ptr);
    }
    std::string unique(const std::string& name) {
        std::string candidate = name;
        for (int i = 2; !taken_.insert(candidate).second; ++i) candidate = name + "_" + std::to_string(i);
        return candidate;
    }

    GraphProto graph_;
    std::set<std::string> taken_, constants_;
    std::map<std::string, Names> computed_;       ///< results by what a node computes
    std::map<std::string, std::string> outputs_;  ///< their names, by those of the values
};

}  // namespace taxon::onnx
