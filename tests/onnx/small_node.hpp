#pragma once
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "onnx/model_writer.hpp"

namespace taxon::test {

/// A model of one node, from a line of words: the operator, its inputs, and after a bar its attributes.
///     "Conv 1,3,8,8 =4,3,3,3 _ | pads=1,1,1,1 strides=2, alpha=0.5 mode='linear' outputs=2 opset=11"
/// An input is a shape of floats in [-1, 1], or has its type before it: p: floats in [0, 1], i8: whole numbers below 8
/// of int64, u8: of uint8, b: truth values. After = it is a constant: random ones of a shape, or those between [ ] as
/// int64, or between < > as floats, where one without a comma is a scalar. _ is one that is left out. Attributes of
/// several whole numbers have a comma; `outputs` and `opset` are the model's.
class SmallNode {
  public:
    explicit SmallNode(const std::string& line) {
        std::istringstream words(line);
        std::string word, operation;
        words >> operation;
        std::vector<std::string> inputs, outputs, attributes;
        bool is_input = true;
        while (words >> word) {
            if (word == "|") is_input = false;
            else if (is_input) inputs.push_back(input(word, "in" + std::to_string(inputs.size())));
            else attribute(word, attributes);
        }
        for (int i = 0; i < outputs_; ++i) {
            outputs.push_back("out" + std::to_string(i));
            graph.outputs.push_back(onnx_bytes::value(outputs.back(), {}));
        }
        graph.nodes.push_back(onnx_bytes::node(operation, inputs, outputs, attributes));
    }
    std::string bytes() const { return onnx_bytes::model(graph, opset_); }

    onnx_bytes::Graph graph{};

    std::vector<std::int64_t> limits{};  ///< of each input: below what its numbers are; 0 for [-1, 1]

  private:
    using Sizes = onnx_bytes::Sizes;

    double random() {
        seed_ = seed_ * 1664525u + 1013904223u;
        return static_cast<double>(seed_ >> 8) / static_cast<double>(1 << 24);
    }
    static Sizes sizes(const std::string& text) {
        Sizes all;
        std::istringstream numbers(text);
        for (std::string one; std::getline(numbers, one, ',');) all.push_back(std::stoll(one));
        return all;
    }

    std::string input(std::string word, const std::string& name) {
        if (word == "_") return "";
        const bool constant = word[0] == '=';
        if (constant) word.erase(0, 1);
        if (word[0] == '[' || word[0] == '<') {
            const std::string inner = word.substr(1, word.size() - 2);
            const bool scalar = inner.find(',') == inner.npos;
            std::vector<float> floats;
            std::istringstream numbers(inner);
            for (std::string one; std::getline(numbers, one, ',');) floats.push_back(std::stof(one));
            const Sizes shape = scalar ? Sizes{} : Sizes{static_cast<std::int64_t>(floats.size())};
            graph.initializers.push_back(word[0] == '<' ? onnx_bytes::floats(name, shape, floats)
                                                        : onnx_bytes::integers(name, shape, sizes(inner)));
            return name;
        }
        int type = 1;
        std::int64_t below = 0;
        if (const auto colon = word.find(':'); colon != word.npos) {
            type = word[0] == 'p' ? 1 : word[0] == 'i' ? 7 : word[0] == 'u' ? 2 : 9;
            below = type == 9 ? 2 : 1;
            if (colon > 1) below = std::stoll(word.substr(1, colon - 1));
            word.erase(0, colon + 1);
        }
        const Sizes shape = word == "scalar" ? Sizes{} : sizes(word);
        if (!constant) {
            graph.inputs.push_back(onnx_bytes::value(name, shape, type));
            limits.push_back(below);
            return name;
        }
        std::int64_t count = 1;
        for (const std::int64_t size : shape) count *= size;
        std::string bytes;
        for (std::int64_t i = 0; i < count; ++i) {
            const auto whole = static_cast<std::int64_t>(random() * static_cast<double>(below));
            bytes += type == 1   ? onnx_bytes::raw<float>({static_cast<float>(random())})
                     : type == 7 ? onnx_bytes::raw<std::int64_t>({whole})
                                 : std::string(1, static_cast<char>(whole));
        }
        graph.initializers.push_back(onnx_bytes::dims(shape) + onnx_bytes::number(2, type) + onnx_bytes::part(8, name) +
                                     onnx_bytes::part(9, bytes));
        return name;
    }

    void attribute(const std::string& word, std::vector<std::string>& all) {
        const auto equals = word.find('=');
        const std::string name = word.substr(0, equals), text = word.substr(equals + 1);
        if (name == "outputs") outputs_ = std::stoi(text);
        else if (name == "opset") opset_ = std::stoll(text);
        else if (text[0] == '\'') all.push_back(onnx_bytes::attribute(name, text.substr(1, text.size() - 2)));
        else if (text.find(',') != text.npos) all.push_back(onnx_bytes::attribute(name, sizes(text)));
        else if (text.find('.') != text.npos) all.push_back(onnx_bytes::real_attribute(name, std::stof(text)));
        else all.push_back(onnx_bytes::attribute(name, std::int64_t{std::stoll(text)}));
    }

    int outputs_ = 1;
    std::int64_t opset_ = 17;
    std::uint32_t seed_ = 1;
};

}  // namespace taxon::test
