#pragma once
#include <taxon/onnx/read_model.hpp>

#include <bit>
#include <charconv>
#include <cstring>
#include <set>
#include <string_view>
#include <system_error>
#include <taxon/core/error.hpp>
#include <taxon/core/printable.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/memory_budget.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <taxon/io/utf8.hpp>
#include <utility>

#include <protozero/pbf_reader.hpp>

// The only file of the reader that knows protozero. Numbers of fields are those of onnx.proto; as protobuf does, it
// passes over fields that it does not know.
namespace taxon::onnx {
namespace detail {

/// Files of external data by the name that the model gives them, each mapped once.
class ExternalFiles {
  public:
    explicit ExternalFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Throws Fault::path for a name that leads out of the folder, also by a link.
    const std::shared_ptr<const io::MappedFile>& open(const std::string& location, const std::string& place) {
        const auto known = files_.find(location);
        if (known != files_.end()) return known->second;
        const auto fail = [&](std::string_view found) {
            throw Error(Fault::path, {.place = place,
                                      .found = found,
                                      .wanted = "external data in the model's own folder",
                                      .remedy = "put '" + location + "' beside the model"});
        };
        if (folder_.empty()) fail("external data of a model that is no file");
        const std::filesystem::path name(location);
        bool inside = !name.empty() && name.is_relative() && location.find('\0') == location.npos;
        for (const auto& part : name) inside = inside && part != "..";
        if (!inside) fail("external data in '" + location + "'");
        std::error_code failure;
        const auto home = std::filesystem::canonical(folder_, failure), path = folder_ / name,
                   real = std::filesystem::weakly_canonical(path, failure);
        if (failure || std::mismatch(home.begin(), home.end(), real.begin(), real.end()).first != home.end())
            fail("external data in '" + location + "', a link to another folder");
        return files_.emplace(location, std::make_shared<const io::MappedFile>(path)).first->second;
    }

  private:
    std::filesystem::path folder_;
    std::map<std::string, std::shared_ptr<const io::MappedFile>> files_{};
};

class ModelReader {
  public:
    ModelReader(SharedBytes file, const std::filesystem::path& folder, const Limits& limits)
        : file_(std::move(file)), external_(folder), limits_(limits), memory_(limits, file_.view.size(), "ONNX file") {}

    ModelProto read() {
        try {
            return model(Message(reinterpret_cast<const char*>(file_.view.data()), file_.view.size()));
        } catch (const protozero::end_of_buffer_exception&) {
            throw Error(Fault::truncated, {.place = place_,
                                           .found = "an end within it",
                                           .wanted = "a whole ONNX file",
                                           .remedy = "fetch or export the file again"});
        } catch (const protozero::exception& error) {
            throw Error(Fault::syntax, {.place = place_,
                                        .found = std::string("no protobuf message (") + error.what() + ")",
                                        .wanted = "an ONNX file",
                                        .remedy = "fetch or export the file again"});
        }
    }

  private:
    using Message = protozero::pbf_reader;
    using Wire = protozero::pbf_wire_type;

    static constexpr std::uint32_t number(std::uint32_t field) { return protozero::tag_and_type(field, Wire::varint); }
    static constexpr std::uint32_t part(std::uint32_t field) {
        return protozero::tag_and_type(field, Wire::length_delimited);
    }
    static constexpr std::uint32_t four_bytes(std::uint32_t field) {
        return protozero::tag_and_type(field, Wire::fixed32);
    }
    static constexpr std::uint32_t eight_bytes(std::uint32_t field) {
        return protozero::tag_and_type(field, Wire::fixed64);
    }

    [[noreturn]] void fail(Fault fault, std::string_view found, std::string_view wanted,
                           std::string_view remedy = "export the file again") const {
        throw Error(fault, {.place = place_, .found = found, .wanted = wanted, .remedy = remedy});
    }

    ModelProto model(Message message) {
        ModelProto model;
        bool has_graph = false;
        while (message.next()) {
            place_ = "model";
            switch (message.tag_and_type()) {
                case number(1): model.ir_version = message.get_int64(); break;
                case part(2): model.producer_name = text(message); break;
                case part(3): model.producer_version = text(message); break;
                case part(7):
                    if (std::exchange(has_graph, true)) fail(Fault::duplicate, "two graphs", "one");
                    model.graph = graph(message.get_message(), 0);
                    break;
                case part(8): {
                    const auto [domain, version] = opset(message.get_message());
                    if (!model.opset.emplace(domain, version).second)
                        fail(Fault::duplicate, "two versions of the operators of '" + domain + "'", "one");
                    break;
                }
                case part(14): pair(message.get_message(), model.metadata); break;
                default: message.skip();
            }
        }
        place_ = "model";
        if (!has_graph) fail(Fault::missing, "no graph", "an ONNX file", "fetch or export the file again");
        if (model.opset.empty())
            fail(Fault::truncated, "no versions of operators (opset_import), which stand at the end",
                 "a whole ONNX file", "fetch or export the file again");
        return model;
    }

    std::pair<std::string, std::int64_t> opset(Message message) {
        std::pair<std::string, std::int64_t> one;
        while (message.next()) switch (message.tag_and_type()) {
                case part(1): one.first = domain(message); break;
                case number(2): one.second = message.get_int64(); break;
                default: message.skip();
            }
        return one;
    }

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
        TensorProto constant;
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
                case part(5): tensor(message.get_message(), constant, "attribute"), seen = Kind::tensor; break;
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
        switch (said == Kind::none ? seen : said) {  // files of IR version 1 do not say it
            case Kind::number: attribute.value = real; break;
            case Kind::integer: attribute.value = integer; break;
            case Kind::text: attribute.value = std::move(word); break;
            case Kind::tensor: attribute.value = std::move(constant); break;
            case Kind::graph:
                if (body == nullptr) fail(Fault::missing, "attribute '" + attribute.name + "' empty", "a graph");
                attribute.value = std::move(body);
                break;
            case Kind::numbers: attribute.value = std::move(reals); break;
            case Kind::integers: attribute.value = std::move(integers); break;
            case Kind::texts: attribute.value = std::move(words); break;
            default: attribute.value = std::monostate{};
        }
    }

    void tensor(Message message, TensorProto& tensor, const std::string& what) {
        protozero::data_view raw, packed;  // the latter of float_data or double_data, which need no decoding
        bool has_raw = false, is_external = false;
        std::size_t packs = 0;
        std::vector<std::byte> decoded;
        std::map<std::string, std::string> places;
        auto type = static_cast<std::int32_t>(DataType::undefined);
        // Whole numbers are kept at eight bytes until their type is known, as the file may state it last.
        std::vector<std::int64_t> integers;
        while (message.next()) switch (message.tag_and_type()) {
                case number(1): grown(tensor.shape) = message.get_int64(); break;
                case part(1):
                    for (const std::int64_t size : message.get_packed_int64()) grown(tensor.shape) = size;
                    break;
                case number(2): type = message.get_int32(); break;
                case part(3): fail(Fault::unsupported, "a tensor in segments", "whole ones"); break;
                case four_bytes(4): append(decoded, message.get_fixed32()), ++packs; break;
                case part(4):
                case part(10): {
                    const auto bytes = message.get_view();
                    if (packs++ == 0) packed = bytes;
                    else fail(Fault::unsupported, "a tensor in several lists", "one");
                    break;
                }
                case number(5): grown(integers) = message.get_int32(); break;
                case part(5):
                    for (const std::int32_t one : message.get_packed_int32()) grown(integers) = one;
                    break;
                case number(7): grown(integers) = message.get_int64(); break;
                case part(7):
                    for (const std::int64_t one : message.get_packed_int64()) grown(integers) = one;
                    break;
                case part(8): tensor.name = text(message); break;
                case part(9): raw = message.get_view(), has_raw = true; break;
                case eight_bytes(10): append(decoded, message.get_fixed64()), ++packs; break;
                case number(11): grown(integers) = static_cast<std::int64_t>(message.get_uint64()); break;
                case part(11):
                    for (const std::uint64_t one : message.get_packed_uint64())
                        grown(integers) = static_cast<std::int64_t>(one);
                    break;
                case part(13): pair(message.get_message(), places); break;
                case number(14): is_external = message.get_enum() == 1; break;
                default: message.skip();
            }
        place_ = what + (tensor.name.empty() ? "" : " '" + printable(tensor.name, 200) + "'");
        tensor.type = static_cast<DataType>(type);
        const std::uint64_t count = checked_count(tensor.shape);
        const std::size_t size = size_of(tensor.type);
        if (size == 0) return;  // strings and the like: refused where they are used
        if (count > limits_.tensor_elements)
            fail(Fault::limit, io::to_string(tensor.shape),
                 "at most " + std::to_string(limits_.tensor_elements) + " elements", "");
        if (is_external) tensor.data = external(places, count * size);
        else if (has_raw) tensor.data = view(raw);
        else if (packed.data() != nullptr && decoded.empty()) tensor.data = view(packed);
        else if (!decoded.empty()) tensor.data = SharedBytes::of(std::move(decoded));
        else tensor.data = narrowed(integers, size);
        if (tensor.data.view.size() != count * size)
            fail(Fault::mismatch, std::to_string(tensor.data.view.size()) + " bytes",
                 std::to_string(count * size) + " for " + io::to_string(tensor.shape) + " of " +
                     std::string(name_of(tensor.type)));
    }

    std::uint64_t checked_count(const Dimensions& shape) const {
        if (shape.size() > limits_.tensor_rank)
            fail(Fault::limit, std::to_string(shape.size()) + " dimensions",
                 "at most " + std::to_string(limits_.tensor_rank), "");
        for (const std::int64_t size : shape)
            if (size < 0) fail(Fault::shape, io::to_string(shape), "sizes of 0 and more");
        const auto count = io::checked_element_count(shape);
        if (!count) fail(Fault::overflow, io::to_string(shape), "less than 2^63 elements");
        return *count;
    }

    SharedBytes view(protozero::data_view bytes) const {
        return {std::as_bytes(std::span(bytes.data(), bytes.size())), file_.owner};
    }

    /// Little-endian whole numbers (or halves' bits) of `size` bytes.
    SharedBytes narrowed(const std::vector<std::int64_t>& integers, std::size_t size) {
        memory_.charge(integers.size() * size);
        std::vector<std::byte> bytes;
        bytes.reserve(integers.size() * size);
        for (const std::int64_t one : integers)
            for (std::size_t i = 0; i < size; ++i)
                bytes.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(one) >> 8 * i & 0xFFu));
        return SharedBytes::of(std::move(bytes));
    }

    template <class Bits>
    void append(std::vector<std::byte>& bytes, Bits bits) {
        memory_.reserve(bytes, sizeof(Bits));
        for (std::size_t i = 0; i < sizeof(Bits); ++i) bytes.push_back(static_cast<std::byte>(bits >> 8 * i & 0xFFu));
    }

    SharedBytes external(const std::map<std::string, std::string>& places, std::uint64_t size) {
        const auto entry = [&](const char* key, std::uint64_t otherwise) {
            const auto at = places.find(key);
            if (at == places.end()) return otherwise;
            std::uint64_t value = 0;
            const auto [end, error] = std::from_chars(at->second.data(), at->second.data() + at->second.size(), value);
            if (error != std::errc{} || end != at->second.data() + at->second.size())
                fail(Fault::syntax, std::string(key) + " '" + at->second + "' of external data", "bytes");
            return value;
        };
        const auto location = places.find("location");
        if (location == places.end()) fail(Fault::missing, "external data without a location", "a file's name");
        const std::shared_ptr<const io::MappedFile> file = external_.open(location->second, place_);
        const std::uint64_t offset = entry("offset", 0), length = entry("length", size), all = file->bytes().size();
        if (offset > all || length > all - offset)
            fail(Fault::bounds,
                 "bytes " + std::to_string(offset) + " to " + std::to_string(offset) + " + " + std::to_string(length) +
                     " of '" + location->second + "'",
                 "a part of its " + std::to_string(all) + " bytes", "fetch or export both files again");
        return {file->bytes().subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(length)), file};
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

    /// StringStringEntryProto
    void pair(Message message, std::map<std::string, std::string>& into) {
        std::string key, value;
        while (message.next()) switch (message.tag_and_type()) {
                case part(1): key = text(message); break;
                case part(2): value = blob(message); break;
                default: message.skip();
            }
        memory_.charge(128);  // a map's node
        into.insert_or_assign(std::move(key), std::move(value));
    }

    std::string domain(Message& message) {
        std::string name = text(message);
        return name == "ai.onnx" ? std::string() : name;
    }

    std::string blob(Message& message) {
        const auto bytes = message.get_view();
        memory_.charge(bytes.size());
        return {bytes.data(), bytes.size()};
    }

    /// A name.
    std::string text(Message& message) {
        std::string name = blob(message);
        if (name.size() > limits_.graph_name_bytes)
            fail(Fault::limit, "a name of " + std::to_string(name.size()) + " bytes",
                 "at most " + std::to_string(limits_.graph_name_bytes), "");
        if (!io::is_utf8(name) || name.find('\0') != name.npos)
            fail(Fault::encoding, "a name that is not UTF-8", "one that is");
        return name;
    }

    /// One more element.
    template <class T>
    T& grown(std::vector<T>& list) {
        memory_.reserve(list, 1);
        return list.emplace_back();
    }

    SharedBytes file_;
    ExternalFiles external_;
    Limits limits_;
    io::MemoryBudget memory_;
    std::string place_ = "model";
};

}  // namespace detail

TAXON_DECL ModelProto read_model(const SharedBytes& bytes, const std::filesystem::path& folder, const Limits& limits) {
    return detail::ModelReader(bytes, folder, limits).read();
}

TAXON_DECL ModelProto read_model(const std::filesystem::path& path, const Limits& limits) {
    const auto file = std::make_shared<const io::MappedFile>(path);
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    try {
        return read_model(SharedBytes{file->bytes(), file}, folder, limits);
    } catch (const Error& error) { throw error.in_file(path.string()); }
}

}  // namespace taxon::onnx
