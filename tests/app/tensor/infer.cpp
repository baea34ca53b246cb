#include <taxon/app/tensor/infer.hpp>

#include <taxon/app/console/json.hpp>
#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/io/synthetic_weights.hpp>

#include "app/tensor/program.hpp"
#include "catch.hpp"
#include "graph/port_networks.hpp"

using namespace taxon;
using app::Json;

namespace {

constexpr std::size_t near_size = 3 * 16 * 22, far_size = 2 * 8 * 11;

/// near.npy and far.npy with `count` samples; of one without the batch's axis.
struct Inputs {
    TestFolder folder;
    std::vector<float> near, far;
    explicit Inputs(std::int64_t count)
        : near(io::synthetic_input("near", "input", static_cast<std::size_t>(count) * near_size)),
          far(io::synthetic_input("far", "input", static_cast<std::size_t>(count) * far_size)) {
        io::write_npy(folder / "near.npy", near, count == 1 ? Dimensions{3, 16, 22} : Dimensions{count, 3, 16, 22});
        io::write_npy(folder / "far.npy", far, count == 1 ? Dimensions{2, 8, 11} : Dimensions{count, 2, 8, 11});
    }
    std::string near_file() const { return "near=" + (folder / "near.npy"); }
    std::string far_file() const { return "far=" + (folder / "far.npy"); }

    std::vector<std::string> infer(std::vector<std::string> more) const {
        more.insert(more.begin(), {"infer", "--weights", "synthetic", "--tensor", far_file(), "--tensor", near_file()});
        return more;
    }
};

}  // namespace

TEST_CASE("infer takes a tensor for each input, in any order, and writes one for each output") {
    const Inputs inputs(3);
    const auto& folder = inputs.folder;
    const auto outcome = run_tensors(inputs.infer({"--output-dir", folder / "out", "--json", folder / "a.json"}));
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(contains(outcome.out, "features"));
    CHECK(io::read_npy(folder / "out/features.npy").shape == Dimensions{3, 16, 8, 11});
    CHECK(io::read_npy(folder / "out/map.npy").shape == Dimensions{3, 6, 8, 11});
    const auto scores = io::read_npy(folder / "out/scores.npy");
    CHECK(scores.shape == Dimensions{3, 5});

    const reference::Interpreter reference(graph_of<networks::Eyes>, io::SyntheticWeights(""));
    constexpr std::size_t features_and_map = 22 * 8 * 11;
    for (std::size_t i = 0; i < 3; ++i) {
        auto sample = std::vector<float>(inputs.near.begin() + static_cast<std::ptrdiff_t>(i * near_size),
                                         inputs.near.begin() + static_cast<std::ptrdiff_t>((i + 1) * near_size));
        sample.insert(sample.end(), inputs.far.begin() + static_cast<std::ptrdiff_t>(i * far_size),
                      inputs.far.begin() + static_cast<std::ptrdiff_t>((i + 1) * far_size));
        std::vector<float> expected(features_and_map + 5);
        reference.run(sample, expected, 22);
        for (std::size_t k = 0; k < 5; ++k)
            CHECK(std::abs(expected[features_and_map + k] - scores.numbers[5 * i + k]) < 1e-4);
    }

    const Json json = Json::parse(text_of(folder / "a.json"));
    CHECK(json.at("samples") == 3);
    CHECK(json.at("outputs").at(1).at("name") == "map");
    CHECK(json.at("outputs").at(1).at("file") == folder / "out/map.npy");
}

TEST_CASE("batches, threads, backends and an offline file give the same outputs") {
    const Inputs inputs(3);
    const auto& folder = inputs.folder;
    const auto scores = [&](const std::string& name, std::vector<std::string> more) {
        more.insert(more.end(), {"--output-dir", folder / name, "--quiet"});
        const auto outcome = run_tensors(inputs.infer(more));
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return text_of(folder / (name + "/features.npy")) + text_of(folder / (name + "/scores.npy"));
    };
    const auto one = scores("one", {"--threads", "1"});
    CHECK(scores("two", {"--batch", "2", "--threads", "2"}) == one);
    CHECK(scores("all", {"--batch", "3", "--threads", "2"}) == one);
    CHECK(scores("reference", {"--backend", "reference"}).size() == one.size());

    REQUIRE(run_tensors({"gen", "--weights", "synthetic", "--output", folder / "a.taxon"}).code == 0);
    const auto offline = run_tensors({"infer", "--weights", folder / "a.taxon", "--tensor", inputs.near_file(),
                                      "--tensor", inputs.far_file(), "--output-dir", folder / "offline"});
    REQUIRE(offline.code == 0);
    CHECK(text_of(folder / "offline/features.npy") + text_of(folder / "offline/scores.npy") == one);
}

TEST_CASE("of an only input without a name the file alone will do") {
    const TestFolder folder;
    io::write_npy(folder / "x.npy", std::vector<float>{1, 2, 3, 4}, {4});
    for (const std::string& text : {folder / "x.npy", "input=" + (folder / "x.npy")}) {
        const auto outcome = run_tensors(
            {"infer", "--variant", "line", "--weights", "synthetic", "--tensor", text, "--output-dir", folder / "out"});
        INFO(outcome.err);
        CHECK(outcome.code == 0);
        CHECK(io::read_npy(folder / "out/output.npy").shape == Dimensions{1, 3});
    }
}

TEST_CASE("a wrong name, shape or number of tensors is one line") {
    const Inputs inputs(1);
    const auto& folder = inputs.folder;
    io::write_npy(folder / "three.npy", std::vector<float>(3 * far_size), {3, 2, 8, 11});
    io::write_npy(folder / "nan.npy", std::vector<float>(far_size, std::nanf("")), {2, 8, 11});
    const std::string near = inputs.near_file(), file = folder / "far.npy";
    struct Case {
        std::vector<std::string> tensors;
        int code;
        std::string part;
    };
    const Case cases[] = {{{near, "distant=" + file},
                           3,
                           "found an input 'distant', wanted one of the network's: near 3 x 16 x 22, far 2 x 8 x 11"},
                          {{near, "far=" + (folder / "near.npy")},
                           3,
                           "shape, for input far: [shape] found (3, 16, 22), wanted (N, 2, 8, 11)"},
                          {{near, "far=" + (folder / "three.npy")}, 3, "found (3, 2, 8, 11), wanted as many samples"},
                          {{near, "far=" + (folder / "nan.npy")}, 3, "found NaN"},
                          {{near}, 2, "found none for input far"},
                          {{near, near}, 2, "found input near twice"},
                          {{file}, 2, "wanted NAME=FILE.npy, for the inputs near 3 x 16 x 22, far 2 x 8 x 11"},
                          {{}, 2, "found no input"}};
    for (const Case& c : cases) {
        std::vector<std::string> arguments{"infer", "--weights", "synthetic", "--output-dir", folder / "none"};
        for (const auto& tensor : c.tensors) arguments.insert(arguments.end(), {"--tensor", tensor});
        const auto outcome = run_tensors(arguments);
        INFO(outcome.err);
        CHECK(outcome.code == c.code);
        CHECK(contains(outcome.err, c.part));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    }
    CHECK_FALSE(std::filesystem::exists(folder / "none"));
}

TEST_CASE("names of outputs become names of files, each of its own") {
    const Port ports[] = {{"a/b", {1}}, {"a:b", {1}}, {"c.d-e_f", {1}}};
    std::vector<std::string> names;
    for (const auto& file : app::output_files("out", ports)) names.push_back(file.path.string());
    CHECK(names == std::vector<std::string>{"out/a_b.npy", "out/a_b_2.npy", "out/c.d-e_f.npy"});
    CHECK(app::output_files("", ports).empty());
}
