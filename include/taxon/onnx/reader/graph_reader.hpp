#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <taxon/onnx/model.hpp>
#include <taxon/onnx/reader/tensor_reader.hpp>
#include <utility>
#include <variant>
#include <vector>

namespace taxon::onnx::detail {

/// GraphProto: nodes with their attributes, initializers, and what the file says of values.
class GraphReader : protected TensorReader {
  protected:
    using TensorReader::TensorReader;

    GraphProto graph(Message message, std::size_t depth) {
        if (depth > limits_.graph_depth)
            fail(Fault::limit, "graphs within graphs", "at most " + std::to_string(limits_.graph_depth) + " levels",
                 "");
        GraphProto graph;
        while (message.next()) switch (message.tag_and_type()) {
                case part(1): {
                    NodeProto& next = grown(graph.nodes);
                    node(message.get_message(), next, graph.nodes.size() - 1, depth);
                    break;
                }
                case part(2): graph.name = text(message); break;
                case part(5): {
                    place_ = "initializer " + std::to_string(graph.initializers.size());
                    tensor(message.get_message(), grown(graph.initializers), "initializer");
                    break;
                }
                case part(11): value(message.get_message(), grown(graph.inputs), "input"); break;
                case part(12): value(message.get_message(), grown(graph.outputs), "output"); break;
                case part(13): value(message.get_message(), grown(graph.values), "value"); break;
                case part(15):
                    place_ = "graph";
                    fail(Fault::unsupported, "a sparse initializer", "dense ones", "export it dense");
                default: message.skip();
            }
        return graph;
    }

  private:
    void node(Message message, NodeProto& node, std::size_t index, std::size_t depth) {
        const std::string place = "node " + std::to_string(index);
        while (message.next()) {
            place_ = place;
            switch (message.tag_and_type()) {
                case part(1): grown(node.inputs) = text(message); break;
                case part(2): grown(node.outputs) = text(message); break;
                case part(3): node.name = text(message); break;
                case part(4): node.operation = text(message); break;
                case part(5): attribute(message.get_message(), grown(node.attributes), depth); break;
                case part(7): node.domain = domain(message); break;
                case part(9): pair(message.get_message(), node.metadata); break;
                default: message.skip();
            }
        }
        place_ = place;
        if (node.operation.empty()) fail(Fault::missing, "no operator", "one");
        std::set<std::string_view> names;
        for (const AttributeProto& one : node.attributes)
            if (!names.insert(one.name).second) fail(Fault::duplicate, "attribute '" + one.name + "' twice", "once");
    }

    /// AttributeProto.AttributeType
    enum class Kind : std::int32_t { none, number, integer, text, tensor, graph, numbers, integers, texts };

    void attribute(Message message, AttributeProto& attribute, std::size_t depth) {
        std::int64_t integer = 0;
        float real = 0;
        std::string word;
        std::optional<TensorProto> constant;
        std::shared_ptr<GraphProto> body;
        std::vector<std::int64_t> integers;
        std::vector<float> reals;
        std::vector<std::string> words;
        Kind said = Kind::none, seen = Kind::none;
        while (message.next()) switch (message.tag_and_type()) {
                case part(1): attribute.name = text(message); break;
                case four_bytes(2): real = message.get_float(), seen = Kind::number; break;
                case number(3): integer = message.get_int64(), seen = Kind::integer; break;
                case part(4): word = blob(message), seen = Kind::text; break;
                case part(5):
                    tensor(message.get_message(), constant.emplace(), "attribute"), seen = Kind::tensor;
                    break;
                case part(6):
                    body = std::make_shared<GraphProto>(graph(message.get_message(), depth + 1)), seen = Kind::graph;
                    break;
                case four_bytes(7): grown(reals) = message.get_float(), seen = Kind::numbers; break;
                case part(7):
                    for (const float one : message.get_packed_float()) grown(reals) = one;
                    seen = Kind::numbers;
                    break;
                case number(8): grown(integers) = message.get_int64(), seen = Kind::integers; break;
                case part(8):
                    for (const std::int64_t one : message.get_packed_int64()) grown(integers) = one;
                    seen = Kind::integers;
                    break;
                case part(9): grown(words) = blob(message), seen = Kind::texts; break;
                case number(20): said = static_cast<Kind>(message.get_enum()); break;
                default: message.skip();
            }
        const auto filled = [&](bool holds, const char* wanted) {
            if (!holds) fail(Fault::missing, "attribute '" + attribute.name + "' empty", wanted);
        };
        switch (said == Kind::none ? seen : said) {  // files of IR version 1 do not say it
            case Kind::number: attribute.value = real; break;
            case Kind::integer: attribute.value = integer; break;
            case Kind::text: attribute.value = std::move(word); break;
            case Kind::tensor:
                filled(constant.has_value(), "a tensor");
                attribute.value = *std::move(constant);
                break;
            case Kind::graph:
                filled(body != nullptr, "a graph");
                attribute.value = std::move(body);
                break;
            case Kind::numbers: attribute.value = std::move(reals); break;
            case Kind::integers: attribute.value = std::move(integers); break;
            case Kind::texts: attribute.value = std::move(words); break;
            default: attribute.value = std::monostate{};
        }
    }

    void value(Message message, ValueInfoProto& value, const char* what) {
        place_ = what;
        while (message.next()) switch (message.tag_and_type()) {
                case part(1): value.name = text(message); break;
                case part(2): type(message.get_message(), value); break;
                default: message.skip();
            }
    }

    void type(Message message, ValueInfoProto& value) {
        while (message.next())
            if (message.tag_and_type() == part(1)) {
                for (Message dense = message.get_message(); dense.next();) switch (dense.tag_and_type()) {
                        case number(1): value.type = static_cast<DataType>(dense.get_int32()); break;
                        case part(2): shape(dense.get_message(), value.shape.emplace()); break;
                        default: dense.skip();
                    }
            } else message.skip();
    }

    void shape(Message message, std::vector<ValueInfoProto::Dimension>& shape) {
        while (message.next()) {
            if (message.tag_and_type() != part(1)) {
                message.skip();
                continue;
            }
            ValueInfoProto::Dimension size = std::string();
            for (Message one = message.get_message(); one.next();) switch (one.tag_and_type()) {
                    case number(1): size = one.get_int64(); break;
                    case part(2): size = text(one); break;
                    default: one.skip();
                }
            if (const auto* whole = std::get_if<std::int64_t>(&size); whole != nullptr && *whole < 0)
                size = std::string();  // some writers say -1 for an open one
            if (shape.size() == limits_.tensor_rank)
                fail(Fault::limit, "more dimensions", "at most " + std::to_string(limits_.tensor_rank), "");
            grown(shape) = std::move(size);
        }
    }
};

}  // namespace taxon::onnx::detail
