#include "app/tensor/program.hpp"

#include <sstream>
#include <taxon/app/console/console.hpp>
#include <taxon/app/model/entry_definition.hpp>
#include <taxon/app/picture/program.hpp>
#include <taxon/app/tensor/program.hpp>

#include "catch.hpp"
#include "graph/port_networks.hpp"

using namespace taxon;

namespace {

struct LineNetwork {
    static constexpr Shape input{4};
    static constexpr void trace(Tracer& tracer) { tracer.scope("line", Linear<4, 3>::trace); }
};

/// As if it had been an .onnx file: of two inputs, of which one is not read, and outputs of several types.
struct TypedNetwork {
    static constexpr std::array inputs{Port{"ids", {4}}, Port{"unused", {2}}};
    static constexpr std::array input_types{onnx::PortType{onnx::DataType::int64, {2, 2}},
                                            onnx::PortType{onnx::DataType::float16, {1, 2}}};
    static constexpr std::array output_types{onnx::PortType{onnx::DataType::float16, {3, 1}},
                                             onnx::PortType{onnx::DataType::int64, {1, 2, 2}},
                                             onnx::PortType{onnx::DataType::boolean, {4}}};
    static constexpr void trace(Tracer& tracer) {
        const auto ids = tracer.current;
        tracer.scope("line", Linear<4, 3>::trace);
        tracer.output("numbers");
        for (const char* name : {"a:b", "a/b"}) {
            tracer.current = ids;
            tracer.scope(name, ReLU::trace);
            tracer.output(name);
        }
    }
};

struct Eyes : app::Variant<networks::Eyes, preprocess::None> {};
struct Line : app::Variant<LineNetwork, preprocess::None> {};
struct Typed : app::Variant<TypedNetwork, preprocess::None> {};

template <class Variant, class Precision>
app::ModelEntry entry(std::string_view variant) {
    return app::Entry<Variant, Precision, execution::Fused>::entry(variant);
}

std::span<const app::ModelEntry> seers() {
    static const std::vector<app::ModelEntry> entries{
        entry<Eyes, precision::Float32>("eyes"), entry<Eyes, precision::QInt8MixedFloat32>("eyes"),
        app::Entry<Eyes, precision::Float32, execution::LayerByLayer>::reference_entry("eyes"),
        entry<Line, precision::Float32>("line")};
    return entries;
}

/// A family of its own, with a file of weights.
std::span<const app::ModelEntry> typed() {
    static const std::vector<app::ModelEntry> entries{entry<Typed, precision::Float32>("typed")};
    return entries;
}

Outcome run(const std::vector<std::string>& arguments,
            int (*main)(int, const char* const*, const app::Family&, app::Console),
            const app::Family& family = {.name = "seers", .entries = seers()}) {
    std::vector<const char*> argv{"/usr/bin/seers"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    argv.push_back(nullptr);
    std::ostringstream out, err;
    const int code = main(static_cast<int>(argv.size()) - 1, argv.data(), family, app::Console{out, err});
    return {code, out.str(), err.str()};
}

}  // namespace

GraphView tensor_graph() { return seers().front().graph; }

Outcome run_tensors(const std::vector<std::string>& arguments) { return run(arguments, &app::tensor_main); }

Outcome run_typed_tensors(const std::vector<std::string>& arguments, const std::string& weights) {
    return run(arguments, &app::tensor_main, {.name = "typed", .entries = typed(), .weights = weights});
}

Outcome run_tensors_as_pictures(const std::vector<std::string>& arguments) {
    return run(arguments, &app::classifier_main);
}

TEST_CASE("a program over tensors has the verbs that need no pictures") {
    const auto all = run_tensors({"--help"});
    CHECK(all.code == 0);
    for (const char* part : {"infer", "perf", "gen", "verify", "convert", "describe", "inspect", "--tensor",
                             "--output-dir", "--calibration-tensor"}) {
        INFO(part);
        CHECK(contains(all.out, part));
    }
    CHECK_FALSE(contains(all.out, "--end-to-end"));
}

TEST_CASE("classifiers refuse networks of several inputs and outputs in one sentence") {
    const TestFolder folder;
    write_text(folder / "a.bmp", bmp_of(1));
    write_text(folder / "a.tsv", "a.bmp\t0\n");
    const std::vector<std::vector<std::string>> cases{{"infer", folder / "a.bmp"},
                                                      {"eval", "--dataset", folder / "a.tsv"},
                                                      {"perf"},
                                                      {"gen", "--output", folder / "a.taxon"}};
    for (const auto& given : cases) {
        auto arguments = given;
        arguments.insert(arguments.end(), {"--weights", "synthetic"});
        const auto outcome = run_tensors_as_pictures(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == 2);
        CHECK(contains(outcome.err,
                       given.front() + ": [usage] found a network of 2 inputs and 3 outputs, wanted one of each"));
    }
}
