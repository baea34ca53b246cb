#include <taxon/onnx/read_model.hpp>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "allocations.hpp"
#include "catch.hpp"
#include "io/bad_input.hpp"
#include "onnx/model_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::onnx_bytes;

namespace {

onnx::SharedBytes shared(const std::string& bytes) {
    return onnx::SharedBytes::of({as_span(bytes).begin(), as_span(bytes).end()});
}
onnx::ModelProto read(const std::string& bytes) { return onnx::read_model(shared(bytes)); }
/// A model whose only node is a Constant of this TensorProto.
std::string with_tensor(const std::string& tensor) {
    return model(Graph{{node("Constant", {}, {"c"}, {tensor_attribute("value", tensor)})}, {}, {}, {value("c", {})}});
}
onnx::TensorProto tensor_in(const std::string& bytes) {
    const onnx::ModelProto model = read(with_tensor(bytes));
    return std::get<onnx::TensorProto>(model.graph.nodes[0].attributes[0].value);
}
std::vector<float> floats_of(const onnx::TensorProto& tensor) {
    std::vector<float> numbers(tensor.data.view.size() / 4);
    if (!numbers.empty()) std::memcpy(numbers.data(), tensor.data.view.data(), tensor.data.view.size());
    return numbers;
}

}  // namespace

TEST_CASE("read_model reads a graph, its nodes, constants and types") {
    const onnx::SharedBytes bytes = shared(small_model());
    const onnx::ModelProto model = onnx::read_model(bytes);
    CHECK(model.ir_version == 8);
    CHECK(model.producer_name == "test");
    CHECK(model.opset.at("") == 17);
    REQUIRE(model.graph.nodes.size() == 7);
    const onnx::NodeProto& conv = model.graph.nodes[0];
    CHECK(conv.operation == "Conv");
    CHECK(conv.name == "y/Conv");
    CHECK(conv.inputs == std::vector<std::string>{"x", "w"});
    CHECK(std::get<Dimensions>(conv.attribute("pads")->value) == Dimensions{1, 1, 1, 1});
    CHECK(conv.attribute("strides") == nullptr);
    const onnx::TensorProto& weights = model.graph.initializers[0];
    CHECK(weights.shape == Dimensions{1, 1, 3, 3});
    CHECK(floats_of(weights) == std::vector<float>(9, 1));
    // no copy
    CHECK(weights.data.view.data() > bytes.view.data());
    CHECK(weights.data.view.data() < bytes.view.data() + bytes.view.size());
    CHECK(std::get<std::int64_t>((*model.graph.inputs[0].shape)[3]) == 2);
}

TEST_CASE("read_model reads constants from every field that holds them") {
    const std::string two = dims({2}) + number(2, 1);
    CHECK(floats_of(tensor_in(two + part(4, raw<float>({1, 2})))) == std::vector<float>{1, 2});
    CHECK(floats_of(tensor_in(two + "\x25" + raw<float>({1}) + "\x25" + raw<float>({2}))) == std::vector<float>{1, 2});
    const auto bytes = [](const std::string& fields) {
        const onnx::TensorProto tensor = tensor_in(fields);
        return std::string(reinterpret_cast<const char*>(tensor.data.view.data()), tensor.data.view.size());
    };
    CHECK(bytes(dims({2}) + number(2, 3) + part(5, varint(5) + varint(static_cast<std::uint64_t>(-2)))) == "\x05\xFE");
    CHECK(bytes(number(1, 2) + number(2, 7) + number(7, 5) + number(7, -1)) == raw<std::int64_t>({5, -1}));
    CHECK(bytes(number(5, 0x3C00) + dims({1}) + number(2, 10)) == std::string("\x00\x3C", 2));  // its type comes last
    CHECK(bytes(dims({1}) + number(2, 11) + part(10, raw<double>({0.5}))) == raw<double>({0.5}));
    CHECK(bytes(dims({0}) + number(2, 1)).empty());
}

TEST_CASE("read_model reads attributes of every kind, with or without their type") {
    const std::string attributes[] = {attribute("i", 3),
                                      attribute("is", Sizes{1, -2}),
                                      attribute("s", std::string("SAME_UPPER")),
                                      part(1, "f") + "\x15" + raw<float>({0.5f}),
                                      part(1, "fs") + part(7, raw<float>({1, 2})) + number(20, 6),
                                      part(1, "none") + number(20, 7),
                                      part(1, "types") + number(20, 14)};
    const onnx::ModelProto model =
        read(onnx_bytes::model(Graph{{node("X", {}, {"y"}, {std::begin(attributes), std::end(attributes)})}}));
    const onnx::NodeProto& found = model.graph.nodes[0];
    CHECK(std::get<std::int64_t>(found.attribute("i")->value) == 3);
    CHECK(std::get<Dimensions>(found.attribute("is")->value) == Dimensions{1, -2});
    CHECK(std::get<std::string>(found.attribute("s")->value) == "SAME_UPPER");
    CHECK(std::get<float>(found.attribute("f")->value) == 0.5f);
    CHECK(std::get<std::vector<float>>(found.attribute("fs")->value) == std::vector<float>{1, 2});
    CHECK(std::get<Dimensions>(found.attribute("none")->value).empty());
    CHECK(std::holds_alternative<std::monostate>(found.attribute("types")->value));
}

TEST_CASE("read_model refuses each bad file with its own fault") {
    const std::string good = small_model();
    std::string deep;
    for (int i = 0; i < 40; ++i)
        deep = part(1, part(2, "y") + part(4, "If") + part(5, graph_attribute("then_branch", deep)));
    const std::vector<BadInput> rows{
        {"empty of fields", std::string(), Fault::missing, "model"},
        {"zeros", std::string(64, '\0'), Fault::syntax, "model"},
        {"text", "<!DOCTYPE html><html></html>\n", Fault::syntax, "model"},
        {"groups", std::string(500, '\x3B'), Fault::syntax, "model"},
        {"a length of 2^63", "\x3A" + std::string(8, '\xFF') + "\x7F", Fault::truncated, "model"},
        {"no graph", good.substr(0, 8), Fault::missing, "model"},
        {"no opset", number(1, 8) + part(7, Graph{}.bytes()), Fault::truncated, "model"},
        {"two graphs", good + part(7, Graph{}.bytes()), Fault::duplicate, "model"},
        {"an opset twice", good + part(8, number(2, 17)), Fault::duplicate, "model"},
        {"ai.onnx is the same", good + part(8, part(1, "ai.onnx") + number(2, 17)), Fault::duplicate, "model"},
        {"a node without operator", model(part(1, part(1, "x"))), Fault::missing, "node 0"},
        {"an attribute twice", model(part(1, node("X", {}, {"y"}, {attribute("a", 1), attribute("a", 2)}))),
         Fault::duplicate, "node 0"},
        {"an attribute without its tensor", model(part(1, node("X", {}, {"y"}, {part(1, "a") + number(20, 4)}))),
         Fault::missing, "node 0"},
        {"an attribute without its graph", model(part(1, node("X", {}, {"y"}, {part(1, "a") + number(20, 5)}))),
         Fault::missing, "node 0"},
        {"a name that is not UTF-8", model(part(1, part(1, "\xFF") + part(4, "X"))), Fault::encoding, "node 0"},
        {"a name of 5,000 bytes", model(part(1, part(1, std::string(5000, 'n')) + part(4, "X"))), Fault::limit,
         "node 0"},
        {"graphs 40 deep", model(deep), Fault::limit, "node 0"},
        {"a sparse initializer", model(part(15, "")), Fault::unsupported, "graph"},
        {"too few bytes", with_tensor(dims({3}) + number(2, 1) + part(9, "12345678")), Fault::mismatch, "attribute"},
        {"a negative size", with_tensor(dims({-1}) + number(2, 1)), Fault::shape, "attribute"},
        {"a product beyond 2^63", with_tensor(dims({1LL << 40, 1LL << 40}) + number(2, 1)), Fault::overflow,
         "attribute"},
        {"too many elements", with_tensor(dims({1LL << 41}) + number(2, 1)), Fault::limit, "attribute"},
        {"17 dimensions", with_tensor(dims(Sizes(17, 1)) + number(2, 1)), Fault::limit, "attribute"},
        {"segments", with_tensor(part(3, "") + number(2, 1)), Fault::unsupported, "node 0"},
        {"a float list of 3 bytes", with_tensor(dims({1}) + number(2, 1) + part(4, "abc")), Fault::mismatch,
         "attribute"},
        {"whole numbers for float32", with_tensor(dims({1}) + number(2, 1) + number(5, 1)), Fault::element,
         "attribute"},
        {"whole numbers for complex128", with_tensor(dims({1}) + number(2, 15) + number(7, 1)), Fault::element,
         "attribute"},
        {"external data without a folder",
         with_tensor(dims({1}) + number(2, 1) + part(13, part(1, "location") + part(2, "w")) + number(14, 1)),
         Fault::path, "attribute"},
    };
    for (const BadInput& row : rows) check_refused(row, [&] { read(row.bytes); });
}

TEST_CASE("read_model accepts no file that ends within a message, nor without its last one") {
    const std::string good = small_model();
    for (std::size_t size = 0; size < good.size(); ++size) CHECK_THROWS_AS(read(good.substr(0, size)), Error);
}

TEST_CASE("read_model takes external data from the model's own folder only") {
    const auto folder = std::filesystem::temp_directory_path() / ("taxon_onnx_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder / "data" / "inner");
    const auto write = [](const std::filesystem::path& path, const std::string& bytes) {
        std::ofstream(path, std::ios::binary) << bytes;
    };
    write(folder / "outside.bin", raw<float>({9, 9}));
    write(folder / "data" / "w.bin", raw<float>({1, 2, 3, 4}));
    write(folder / "data" / "inner" / "w.bin", raw<float>({5, 6}));
    std::filesystem::create_symlink(folder / "outside.bin", folder / "data" / "link.bin");
    const auto from = [&](const std::string& location, const std::string& more = {}) {
        const std::string path = part(13, part(1, "location") + part(2, location));
        write(folder / "data" / "model.onnx", with_tensor(dims({2}) + number(2, 1) + path + more + number(14, 1)));
        const onnx::ModelProto model = onnx::read_model(folder / "data" / "model.onnx");
        return floats_of(std::get<onnx::TensorProto>(model.graph.nodes[0].attributes[0].value));
    };
    const auto entry = [](const char* key, const char* text) { return part(13, part(1, key) + part(2, text)); };
    CHECK(from("w.bin", entry("offset", "8") + entry("length", "8")) == std::vector<float>{3, 4});
    CHECK(from("inner/w.bin") == std::vector<float>{5, 6});
    for (const std::string location : {"../outside.bin", "link.bin", "inner/../../outside.bin", "", "/etc/passwd"}) {
        INFO(location);
        CHECK(fault_of([&] { from(location); }) == Fault::path);
    }
    CHECK(fault_of([&] { from("w.bin", entry("offset", "12")); }) == Fault::bounds);
    CHECK(fault_of([&] { from("w.bin", entry("offset", "x")); }) == Fault::syntax);
    CHECK(fault_of([&] { from("nothing.bin"); }) == Fault::io);
    std::filesystem::remove_all(folder);
}

TEST_CASE("read_model takes memory in proportion to a file, or refuses it") {
    std::string nodes;
    for (int i = 0; i < 200'000; ++i) nodes += part(1, part(4, "X"));  // 5 bytes that ask for 200
    const onnx::SharedBytes bytes = shared(model(nodes));
    CHECK(peak_of([&] { CHECK(fault_of([&] { onnx::read_model(bytes); }) == Fault::limit); }) <
          (std::size_t{1} << 25) + bytes.view.size());
}
