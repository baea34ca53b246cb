#include <taxon/app/console/console.hpp>
#include <taxon/app/detector/program.hpp>

#include <sstream>
#include <taxon/app/model/entry_definition.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/boxes.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/preprocess/letterbox.hpp>

#include "app/detector/program.hpp"
#include "catch.hpp"

using namespace taxon;

namespace {

template <int Size>
struct Network {
    static constexpr Shape input{3, Size, Size};
    using Layers = Sequential<Conv2d<3, 8, 4, 4>, SiLU, Conv2d<8, 16, 3, 2>, SiLU, Conv2d<16, 16, 1, 1, 1, true>,
                              Boxes<3, 8, BoxCode::yolov5, 10, 13, 30, 61>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int Size>
struct Tiny : app::Variant<Network<Size>, preprocess::Letterbox<Size>> {};

std::span<const app::ModelEntry> tiny_detectors() {
    using Float32 = precision::Float32;
    static const std::vector<app::ModelEntry> entries{
        app::Entry<Tiny<64>, Float32, execution::Fused>::entry("tiny", "64"),
        app::Entry<Tiny<64>, Float32, execution::LayerByLayer>::reference_entry("tiny", "64"),
        app::Entry<Tiny<64>, precision::QInt8MixedFloat32, execution::Fused>::entry("tiny", "64"),
        app::Entry<Tiny<32>, Float32, execution::Fused>::entry("tiny", "32")};
    return entries;
}

}  // namespace

GraphView detector_graph() { return tiny_detectors().front().graph; }

Outcome run_detector_program(const std::vector<std::string>& arguments) {
    std::vector<const char*> argv{"/usr/bin/detectors"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    argv.push_back(nullptr);
    std::ostringstream out, err;
    const int code = app::detector_main(static_cast<int>(argv.size()) - 1, argv.data(),
                                        {.name = "detectors", .entries = tiny_detectors()}, app::Console{out, err});
    return {code, out.str(), err.str()};
}

TEST_CASE("a program of detectors explains itself") {
    const auto help = run_detector_program({"--help"});
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    for (const char* word : {"infer", "eval", "perf", "gen", "verify", "convert", "Exit codes"})
        CHECK(contains(help.out, word));
    for (const char* verb : {"infer", "eval", "perf"}) {
        const auto of_verb = run_detector_program({verb, "--help"});
        INFO(verb);
        CHECK(of_verb.code == 0);
        for (const char* option : {"--size", "64, 32", "--profile", "--confidence"})
            CHECK(contains(of_verb.out, option));
    }
    CHECK(run_detector_program({}).code == 2);
    CHECK(contains(run_detector_program({"serve"}).err, "unknown verb 'serve'; there are infer, eval, "));
}

TEST_CASE("a size that is not built in says which are") {
    const auto outcome =
        run_detector_program({"infer", "--weights", "synthetic", "--input", "synthetic", "--size", "416"});
    CHECK(outcome.code == 2);
    CHECK(outcome.err == "detectors: --size: [usage] found '416', which is not built into this program, wanted 64, 32; "
                         "cmake -DTAXON_SIZES=\"64;32;416\" adds it, if the project has it\n");
    const auto pair = run_detector_program(
        {"infer", "--weights", "synthetic", "--input", "synthetic", "--size", "32", "--backend", "reference"});
    CHECK(pair.code == 2);
    CHECK(contains(pair.err, "tiny 32 force_float32 cpu fused"));
}
