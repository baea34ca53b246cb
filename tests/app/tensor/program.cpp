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

struct Eyes : app::Variant<networks::Eyes, preprocess::None> {};
struct Line : app::Variant<LineNetwork, preprocess::None> {};

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

Outcome run(const std::vector<std::string>& arguments,
            int (*main)(int, const char* const*, const app::Family&, app::Console)) {
    std::vector<const char*> argv{"/usr/bin/seers"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    argv.push_back(nullptr);
    std::ostringstream out, err;
    const int code = main(static_cast<int>(argv.size()) - 1, argv.data(), {.name = "seers", .entries = seers()},
                          app::Console{out, err});
    return {code, out.str(), err.str()};
}

}  // namespace

GraphView tensor_graph() { return seers().front().graph; }

Outcome run_tensors(const std::vector<std::string>& arguments) { return run(arguments, &app::tensor_main); }

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
