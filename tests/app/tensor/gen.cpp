#include <taxon/app/console/json.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/io/synthetic_weights.hpp>

#include "app/tensor/program.hpp"
#include "catch.hpp"
#include "graph/port_networks.hpp"

using namespace taxon;
using app::Json;

namespace {

/// A file of the generated weights of "eyes".
void write_weights(const std::string& path) {
    const GraphView graph = graph_of<networks::Eyes>;
    const io::SyntheticWeights weights("");
    std::vector<std::vector<float>> numbers;
    std::vector<io::StoredTensor> tensors;
    for (const Parameter& p : graph.parameters) {
        const Dimensions shape(p.shape.begin(), p.shape.begin() + p.rank);
        weights.read(graph.name(p), shape, numbers.emplace_back(static_cast<std::size_t>(p.count())));
        tensors.push_back({std::string(graph.name(p)), Element::float32, shape, {}});
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].bytes = std::as_bytes(std::span(numbers[i]));
    io::write_safetensors(path, tensors);
}

}  // namespace

TEST_CASE("an offline file of several inputs and outputs is made, verified, inspected and measured") {
    const TestFolder folder;
    const auto made = run_tensors({"gen", "--weights", "synthetic", "--output", folder / "a.taxon"});
    INFO(made.err);
    REQUIRE(made.code == 0);
    const auto verified = run_tensors({"verify", "--weights", folder / "a.taxon"});
    CHECK(verified.code == 0);
    CHECK(contains(verified.out, "golden 2: identical"));

    REQUIRE(run_tensors({"inspect", folder / "a.taxon", "--json", folder / "a.json"}).code == 0);
    const Json facts = Json::parse(text_of(folder / "a.json")).at("metadata");
    CHECK(facts.at("inputs").at(1) == Json({{"name", "far"}, {"shape", {2, 8, 11}}}));
    CHECK(facts.at("outputs").at(2) == Json({{"name", "scores"}, {"shape", {5, 1, 1}}}));
    CHECK(facts.at("input") == Json({3, 16, 22}));

    const auto measured =
        run_tensors({"perf", "--weights", folder / "a.taxon", "--batch", "2", "--iterations", "1", "--warmup", "0"});
    INFO(measured.err);
    CHECK(measured.code == 0);
}

TEST_CASE("a file of one input and one output without names says nothing of ports") {
    const TestFolder folder;
    REQUIRE(run_tensors({"gen", "--variant", "line", "--weights", "synthetic", "--output", folder / "a.taxon", "--json",
                         folder / "a.json"})
                .code == 0);
    const Json facts = Json::parse(text_of(folder / "a.json")).at("facts");
    CHECK_FALSE(facts.contains("inputs"));
    CHECK_FALSE(facts.contains("outputs"));
}

TEST_CASE("integers are calibrated with a tensor for each input") {
    const TestFolder folder;
    io::write_npy(folder / "near.npy", io::synthetic_input("a", "input", 4 * 3 * 16 * 22), {4, 3, 16, 22});
    io::write_npy(folder / "far.npy", io::synthetic_input("b", "input", 4 * 2 * 8 * 11), {4, 2, 8, 11});
    const std::vector<std::string> gen{"gen",
                                       "--weights",
                                       "synthetic",
                                       "--precision",
                                       "qint8_mixed_float32",
                                       "--output",
                                       folder / "a.taxon",
                                       "--json",
                                       folder / "a.json",
                                       "--calibration-tensor",
                                       "near=" + (folder / "near.npy"),
                                       "--calibration-tensor",
                                       "far=" + (folder / "far.npy")};
    const auto made = run_tensors(gen);
    INFO(made.err);
    REQUIRE(made.code == 0);
    const Json facts = Json::parse(text_of(folder / "a.json")).at("facts").at("calibration");
    CHECK(facts.at("inputs") == "tensors");
    CHECK(facts.at("samples") == 4);
    CHECK(run_tensors({"verify", "--weights", folder / "a.taxon"}).code == 0);

    auto without = std::vector<std::string>(gen.begin(), gen.end() - 4);
    without[2] = folder / "weights.safetensors";
    write_weights(without[2]);
    const auto refused = run_tensors(without);
    CHECK(refused.code == 2);
    CHECK(contains(refused.err, "--calibration-tensor"));
}

TEST_CASE("describe lists ports in text and JSON") {
    const TestFolder folder;
    const auto described = run_tensors({"describe", "--json", folder / "a.json"});
    REQUIRE(described.code == 0);
    CHECK(contains(described.out, "input    near 3 x 16 x 22, far 2 x 8 x 11\n"));
    CHECK(contains(described.out, "output   features 16 x 8 x 11, map 6 x 8 x 11, scores 5 x 1 x 1\n"));
    const Json json = Json::parse(text_of(folder / "a.json"));
    CHECK(json.at("inputs").at(0).at("name") == "near");
    CHECK(json.at("outputs").at(0).at("shape") == Json({16, 8, 11}));
    const auto line = Json::parse(run_tensors({"describe", "--variant", "line", "--json", "-"}).out);
    CHECK(line.at("inputs") == Json::array({{{"name", "input"}, {"shape", {4, 1, 1}}}}));
}
