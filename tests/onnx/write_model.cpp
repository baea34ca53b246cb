#include <taxon/onnx/write_model.hpp>

#include "app/program.hpp"
#include "catch.hpp"

using namespace taxon;

namespace {

template <class Number>
onnx::SharedBytes bytes_of(const std::vector<Number>& numbers) {
    const auto bytes = std::as_bytes(std::span(numbers));
    return onnx::SharedBytes::of({bytes.begin(), bytes.end()});
}

onnx::ModelProto every_field() {
    onnx::ModelProto model;
    model.ir_version = 7, model.producer_name = "p", model.producer_version = "v";
    model.opset = {{"", 13}, {"d", 1}}, model.metadata = {{"k", "v"}};
    onnx::GraphProto& graph = model.graph;
    graph.name = "g";
    graph.nodes.push_back({"n", "Gemm", "", {"x", "w"}, {"y"}, {{"alpha", .5f}, {"transB", std::int64_t{1}}}, {}});
    graph.nodes.push_back({"k",
                           "K",
                           "d",
                           {"y"},
                           {"z"},
                           {{"f", std::vector<float>{1, 2}},
                            {"i", std::vector<std::int64_t>{3, -4}},
                            {"s", std::string("text")},
                            {"ss", std::vector<std::string>{"a", "b"}},
                            {"t", onnx::TensorProto{"", onnx::DataType::int64, {1}, bytes_of<std::int64_t>({7})}}},
                           {}});
    graph.initializers.push_back({"w", onnx::DataType::float32, {2}, bytes_of<float>({1.5f, -2})});
    using Dimensions = std::vector<onnx::ValueInfoProto::Dimension>;
    graph.inputs.push_back({"x", onnx::DataType::float32, Dimensions{std::string("batch"), std::int64_t{2}}});
    graph.outputs.push_back({"z", onnx::DataType::float32, Dimensions{}});
    return model;
}

}  // namespace

TEST_CASE("onnx: a model's bytes are those that onnx's own library writes") {
    // onnx.helper.make_model(…).SerializeToString()
    const std::string wanted = "08071201701a01763ae0010a320a01780a01771201791a016e220447656d6d2a0f0a05616c7068611500000"
                               "03fa001012a0d0a067472616e"
                               "73421801a001020a6d0a017912017a1a016b22014b2a100a01663d0000803f3d00000040a001062a130a016"
                               "9400340fcffffffffffffffff"
                               "01a001072a0c0a0173220474657874a001032a0d0a0273734a01614a0162a001082a180a01742a100801100"
                               "742004a080700000000000000"
                               "a001043a01641201672a11080210014201774a080000c03f000000c05a180a017812130a110801120d0a071"
                               "20562617463680a020802620b"
                               "0a017a12060a040801120042040a00100d42050a0164100172060a016b120176";
    const TestFolder folder;
    const std::uint64_t size = onnx::write_model(folder / "model.onnx", every_field());
    std::string found;
    for (const char c : text_of(folder / "model.onnx")) {
        constexpr char digits[] = "0123456789abcdef";
        found += digits[static_cast<unsigned char>(c) >> 4], found += digits[static_cast<unsigned char>(c) & 15];
    }
    CHECK(found == wanted);
    CHECK(size == found.size() / 2);
}

TEST_CASE("onnx: a model of 2 GiB is refused before anything is written") {
    onnx::ModelProto model = every_field();
    const std::size_t half = std::size_t{1} << 30;
    const std::span<const std::byte> never_read(static_cast<const std::byte*>(nullptr), half);
    for (const char* name : {"a", "b"})
        model.graph.initializers.push_back({name, onnx::DataType::uint8, {1 << 30}, {never_read, nullptr}});
    const TestFolder folder;
    std::string refusal;
    try {
        onnx::write_model(folder / "model.onnx", model);
    } catch (const Error& error) { refusal = error.what(); }
    CHECK(contains(refusal, "[limit] found 214748"));
    CHECK_FALSE(std::filesystem::exists(folder / "model.onnx"));
}
