#pragma once
#include <cstdint>
#include <string>
#include <vector>

/// Messages of onnx.proto as bytes, field by field, so that tests can also write what no writer would.
namespace taxon::test::onnx_bytes {

inline std::string varint(std::uint64_t value) {
    std::string bytes;
    for (; value > 127; value >>= 7) bytes += static_cast<char>(value | 128);
    return bytes + static_cast<char>(value);
}
inline std::string number(int field, std::int64_t value) {
    return varint(static_cast<std::uint64_t>(field) << 3) + varint(static_cast<std::uint64_t>(value));
}
inline std::string part(int field, const std::string& bytes) {
    return varint(static_cast<std::uint64_t>(field) << 3 | 2) + varint(bytes.size()) + bytes;
}
template <class Number>
std::string raw(const std::vector<Number>& numbers) {
    return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

using Sizes = std::vector<std::int64_t>;

inline std::string dims(const Sizes& sizes) {
    std::string packed;
    for (const std::int64_t size : sizes) packed += varint(static_cast<std::uint64_t>(size));
    return part(1, packed);
}
/// TensorProto with raw_data.
inline std::string floats(const std::string& name, const Sizes& shape, const std::vector<float>& numbers) {
    return dims(shape) + number(2, 1) + part(8, name) + part(9, raw(numbers));
}
inline std::string integers(const std::string& name, const Sizes& shape, const std::vector<std::int64_t>& numbers) {
    return dims(shape) + number(2, 7) + part(8, name) + part(9, raw(numbers));
}

/// AttributeProto
inline std::string attribute(const std::string& name, std::int64_t value) {
    return part(1, name) + number(3, value) + number(20, 2);
}
inline std::string attribute(const std::string& name, const Sizes& values) {
    std::string bytes = part(1, name) + number(20, 7);
    for (const std::int64_t value : values) bytes += number(8, value);
    return bytes;
}
inline std::string attribute(const std::string& name, const std::string& text) {
    return part(1, name) + part(4, text) + number(20, 3);
}
inline std::string real_attribute(const std::string& name, float value) {
    return part(1, name) + "\x15" + raw<float>({value}) + number(20, 1);
}
inline std::string tensor_attribute(const std::string& name, const std::string& tensor) {
    return part(1, name) + part(5, tensor) + number(20, 4);
}
inline std::string graph_attribute(const std::string& name, const std::string& graph) {
    return part(1, name) + part(6, graph) + number(20, 5);
}

/// NodeProto
inline std::string node(const std::string& operation, const std::vector<std::string>& inputs,
                        const std::vector<std::string>& outputs, const std::vector<std::string>& attributes = {},
                        const std::string& domain = "") {
    std::string bytes;
    for (const std::string& input : inputs) bytes += part(1, input);
    for (const std::string& output : outputs) bytes += part(2, output);
    bytes += part(3, outputs[0] + "/" + operation) + part(4, operation);
    for (const std::string& one : attributes) bytes += part(5, one);
    return domain.empty() ? bytes : bytes + part(7, domain);
}

/// ValueInfoProto; a size of -1 is open.
inline std::string value(const std::string& name, const Sizes& shape, int type = 1) {
    std::string sizes;
    for (const std::int64_t size : shape) sizes += part(1, size < 0 ? part(2, "any") : number(1, size));
    return part(1, name) + part(2, part(1, number(1, type) + part(2, sizes)));
}

struct Graph {
    std::vector<std::string> nodes{}, initializers{}, inputs{}, outputs{};

    std::string bytes() const {
        std::string all;
        const auto add = [&](int field, const std::vector<std::string>& messages) {
            for (const std::string& message : messages) all += part(field, message);
        };
        add(1, nodes), add(5, initializers), add(11, inputs), add(12, outputs);
        return all + part(2, "graph");
    }
};

/// ModelProto
inline std::string model(const std::string& graph, std::int64_t opset = 17) {
    return number(1, 8) + part(2, "test") + part(7, graph) + part(8, number(2, opset));
}
inline std::string model(const Graph& graph, std::int64_t opset = 17) { return model(graph.bytes(), opset); }

/// A network of a convolution, whose weights have 1 as every number, ReLU and a Reshape to a computed shape.
inline std::string small_model() {
    return model(Graph{
        {node("Conv", {"x", "w"}, {"y"}, {attribute("pads", Sizes{1, 1, 1, 1})}), node("Relu", {"y"}, {"z"}),
         node("Shape", {"x"}, {"s"}), node("Gather", {"s", "zero"}, {"n"}), node("Unsqueeze", {"n", "axes"}, {"u"}),
         node("Concat", {"u", "rest"}, {"shape"}, {attribute("axis", 0)}), node("Reshape", {"z", "shape"}, {"out"})},
        {floats("w", {1, 1, 3, 3}, std::vector<float>(9, 1)), integers("zero", {}, {0}), integers("axes", {1}, {0}),
         integers("rest", {1}, {-1})},
        {value("x", {2, 1, 2, 2})},
        {value("out", {2, 4})}});
}

}  // namespace taxon::test::onnx_bytes
