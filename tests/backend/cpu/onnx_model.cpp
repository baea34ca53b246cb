#include <taxon/backend/cpu/onnx_model.hpp>

#include "catch.hpp"
#include "onnx/small_programs.hpp"

using namespace taxon;
using namespace taxon::test;
using namespace taxon::test::onnx_bytes;

namespace {

onnx::SharedBytes bytes_of(const std::string& file) {
    const auto span = as_span(file);
    return onnx::SharedBytes::of({span.begin(), span.end()});
}

/// Two inputs, of which one is of whole numbers; two outputs, of which one is of truth values: rows of a table by
/// index, plus a matrix product; and where they are positive.
std::string table_model() {
    return model(Graph{{node("Gather", {"table", "index"}, {"rows"}), node("MatMul", {"x", "matrix"}, {"product"}),
                        node("Add", {"rows", "product"}, {"sum"}), node("Greater", {"sum", "zero"}, {"positive"})},
                       {floats("table", {3, 2}, {1, 2, 3, 4, 5, 6}), floats("matrix", {2, 2}, {1, -2, -3, 4}),
                        floats("zero", {}, {0})},
                       {value("x", {2, 2}), value("index", {2}, 7)},
                       {value("sum", {2, 2}), value("positive", {2, 2}, 9)}});
}

template <class Use>
std::string refusal(Fault fault, const Use& use) {
    try {
        use();
    } catch (const Error& error) {
        CHECK(error.fault() == fault);
        return error.what();
    }
    FAIL("nothing was refused");
    return "";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("an OnnxModel answers by name, in the file's types and shapes") {
    const OnnxModel model(bytes_of(table_model()));
    CHECK(model.graph().inputs.size() == 2);
    CHECK(model.plan().steps.size() > 2);
    const auto outputs = model({{"index", integers({2}, {2, 0})}, {"x", tensor({2, 2}, {1, 1, -1, 2})}});
    REQUIRE(outputs.size() == 2);
    CHECK(outputs.at("sum").shape() == Dimensions{2, 2});
    CHECK(numbers_of(outputs.at("sum")) == std::vector<double>{3, 8, -6, 12});
    CHECK(outputs.at("positive").type() == onnx::DataType::boolean);
    CHECK(numbers_of(outputs.at("positive")) == std::vector<double>{1, 1, 0, 1});
}

TEST_CASE("an OnnxModel gives what the file's operators give, on any instruction set and number of threads") {
    const onnx::Folded folded = folded_of(small_model());
    const std::vector<onnx::Tensor> inputs{tensor({2, 1, 2, 2}, {1, -2, 3, -4, 5, 6, -7, 8})};
    const auto wanted = onnx::run(folded.program, inputs);
    for (const auto isa : cpu::all_isas) {
        if (!cpu::supported(isa)) continue;
        for (const int threads : {1, 2}) {
            const OnnxModel model(folded.program, {.isa = isa, .threads = threads});
            CHECK(model.executable().isa() == cpu::name_of(isa));
            CHECK(numbers_of(model.run(inputs).at(0)) == numbers_of(wanted.at(0)));
        }
    }
}

TEST_CASE("an OnnxModel refuses inputs that are not the file's") {
    const OnnxModel model(bytes_of(table_model()));
    const onnx::Tensor x = tensor({2, 2}, {1, 1, -1, 2}), index = integers({2}, {2, 0});
    CHECK(contains(refusal(Fault::missing, [&] { model({{"y", x}}); }), "those of the file: x, index"));
    CHECK(contains(refusal(Fault::missing, [&] { model({{"x", x}}); }), "input 'index'"));
    CHECK(contains(refusal(Fault::shape,
                           [&] {
                               model({{"x", tensor({4}, {1, 1, 1, 1})}, {"index", index}});
                           }),
                   "float32 (2, 2)"));
    CHECK(contains(refusal(Fault::shape,
                           [&] {
                               model({{"x", integers({2, 2}, {1, 1, 1, 1})}, {"index", index}});
                           }),
                   "input 'x'"));
    CHECK(contains(refusal(Fault::value,
                           [&] {
                               model({{"x", x}, {"index", integers({2}, {(1 << 22) + 1, 0})}});
                           }),
                   "2^22"));
    CHECK(contains(refusal(Fault::value,
                           [&] {
                               model({{"x", x}, {"index", integers({2}, {0, 3})}});
                           }),
                   "input 'index', sample 0, number 1: [value] found 3, wanted an index from -3 to 2"));
    refusal(Fault::shape, [&] { model.run({x}); });
    refusal(Fault::unsupported, [&] {
        OnnxModel(bytes_of(
            onnx_bytes::model(Graph{{node("Magic", {"x"}, {"y"})}, {}, {value("x", {1})}, {value("y", {1})}})));
    });
}
