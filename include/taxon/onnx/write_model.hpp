#pragma once
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <taxon/io/atomic_file.hpp>
#include <taxon/onnx/model.hpp>

#include <protozero/pbf_writer.hpp>

namespace taxon::onnx {

namespace detail {

/// A message of onnx.proto as it is encoded: pieces of its own between bytes that stay where they are, because weights
/// are large. Field numbers are those of onnx.proto.
class Encoded {
  public:
    void integer(std::uint32_t field, std::int64_t value) { own().add_int64(field, value); }
    void real(std::uint32_t field, float value) { own().add_float(field, value); }
    void text(std::uint32_t field, std::string_view value) { own().add_bytes(field, value.data(), value.size()); }
    void text_if_any(std::uint32_t field, std::string_view value) {
        if (!value.empty()) text(field, value);
    }
    void entry(std::uint32_t field, const std::string& key, const std::string& value) {
        Encoded pair;
        pair.text(1, key), pair.text(2, value);
        message(field, std::move(pair));
    }
    void bytes(std::uint32_t field, const SharedBytes& value) {
        header(field, value.view.size());
        pieces_.push_back({{}, value});
    }
    void message(std::uint32_t field, Encoded inner) {
        header(field, inner.size());
        for (Piece& piece : inner.pieces_) pieces_.push_back(std::move(piece));
    }
    std::size_t size() const {
        std::size_t sum = 0;
        for (const Piece& piece : pieces_) sum += piece.text.size() + piece.bytes.view.size();
        return sum;
    }
    void write(io::AtomicFile& file) const {
        for (const Piece& piece : pieces_) {
            file.write(std::as_bytes(std::span(piece.text)));
            file.write(piece.bytes.view);
        }
    }

  private:
    struct Piece {
        std::string text{};
        SharedBytes bytes{};
    };

    std::string& last_text() {
        if (pieces_.empty() || pieces_.back().bytes.view.data() != nullptr) pieces_.emplace_back();
        return pieces_.back().text;
    }
    protozero::pbf_writer own() { return protozero::pbf_writer(last_text()); }
    void header(std::uint32_t field, std::size_t size) {
        constexpr std::uint32_t length_delimited = 2;
        protozero::add_varint_to_buffer(&last_text(), field << 3 | length_delimited);
        protozero::add_varint_to_buffer(&last_text(), size);
    }

    std::vector<Piece> pieces_{};
};

inline Encoded encoded(const GraphProto& graph);

inline Encoded encoded(const TensorProto& tensor) {
    Encoded to;
    for (const std::int64_t size : tensor.shape) to.integer(1, size);
    to.integer(2, static_cast<std::int64_t>(tensor.type));
    to.text(8, tensor.name);
    to.bytes(9, tensor.data);
    return to;
}

/// The fields of an attribute's value, and the number of its type.
inline Encoded encoded(const AttributeProto& attribute) {
    Encoded to;
    to.text(1, attribute.name);
    const auto add = [&to](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, float>) to.real(2, value);
        else if constexpr (std::is_same_v<Value, std::int64_t>) to.integer(3, value);
        else if constexpr (std::is_same_v<Value, std::string>) to.text(4, value);
        else if constexpr (std::is_same_v<Value, TensorProto>) to.message(5, encoded(value));
        else if constexpr (std::is_same_v<Value, std::shared_ptr<const GraphProto>>) to.message(6, encoded(*value));
        else if constexpr (std::is_same_v<Value, std::vector<float>>)
            for (const float one : value) to.real(7, one);
        else if constexpr (std::is_same_v<Value, std::vector<std::int64_t>>)
            for (const std::int64_t one : value) to.integer(8, one);
        else if constexpr (std::is_same_v<Value, std::vector<std::string>>)
            for (const std::string& one : value) to.text(9, one);
    };
    std::visit(add, attribute.value);
    constexpr std::int64_t types[] = {2, 1, 3, 4, 5, 7, 6, 8, 0};  // in the variant's order
    to.integer(20, types[attribute.value.index()]);
    return to;
}

inline Encoded encoded(const NodeProto& node) {
    Encoded to;
    for (const std::string& input : node.inputs) to.text(1, input);
    for (const std::string& output : node.outputs) to.text(2, output);
    to.text_if_any(3, node.name);
    to.text(4, node.operation);
    for (const AttributeProto& attribute : node.attributes) to.message(5, encoded(attribute));
    to.text_if_any(7, node.domain);
    for (const auto& [key, value] : node.metadata) to.entry(9, key, value);
    return to;
}

inline Encoded encoded(const ValueInfoProto& value) {
    Encoded tensor, type, to;
    tensor.integer(1, static_cast<std::int64_t>(value.type));
    if (value.shape) {
        Encoded shape;
        for (const ValueInfoProto::Dimension& dimension : *value.shape) {
            Encoded one;
            if (const auto* size = std::get_if<std::int64_t>(&dimension)) one.integer(1, *size);
            else one.text(2, std::get<std::string>(dimension));
            shape.message(1, std::move(one));
        }
        tensor.message(2, std::move(shape));
    }
    type.message(1, std::move(tensor));
    to.text(1, value.name);
    to.message(2, std::move(type));
    return to;
}

inline Encoded encoded(const GraphProto& graph) {
    Encoded to;
    for (const NodeProto& node : graph.nodes) to.message(1, encoded(node));
    to.text(2, graph.name);
    for (const TensorProto& tensor : graph.initializers) to.message(5, encoded(tensor));
    for (const auto& [field, values] :
         {std::pair{11u, &graph.inputs}, std::pair{12u, &graph.outputs}, std::pair{13u, &graph.values}})
        for (const ValueInfoProto& value : *values) to.message(field, encoded(value));
    return to;
}

inline Encoded encoded(const ModelProto& model) {
    Encoded to;
    to.integer(1, model.ir_version);
    to.text_if_any(2, model.producer_name);
    to.text_if_any(3, model.producer_version);
    to.message(7, encoded(model.graph));
    for (const auto& [domain, version] : model.opset) {
        Encoded set;
        set.text(1, domain);
        set.integer(2, version);
        to.message(8, std::move(set));
    }
    for (const auto& [key, value] : model.metadata) to.entry(14, key, value);
    return to;
}

}  // namespace detail

/// Writes an .onnx file atomically; equal models give equal bytes. Returns their number. Throws Fault::limit from 2 GiB
/// on, which no reader of protocol buffers takes, and Fault::io.
inline std::uint64_t write_model(const std::filesystem::path& path, const ModelProto& model) {
    const detail::Encoded file = detail::encoded(model);
    constexpr std::uint64_t most = std::numeric_limits<std::int32_t>::max();
    if (file.size() > most)
        throw Error(Fault::limit, {.file = path.string(),
                                   .found = std::to_string(file.size()) + " bytes",
                                   .wanted = "at most " + std::to_string(most) + ", all that an .onnx file can have",
                                   .remedy = "choose a smaller variant"});
    io::AtomicFile to(path);
    file.write(to);
    to.commit();
    return file.size();
}

}  // namespace taxon::onnx
