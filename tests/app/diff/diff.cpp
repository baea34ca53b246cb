#include <taxon/app/diff/diff.hpp>

#include <cstring>
#include <limits>
#include <taxon/app/console/json.hpp>
#include <taxon/io/offline_file.hpp>
#include <taxon/io/offline_writer.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/number/nonfinite.hpp>

#include "app/detector/program.hpp"
#include "app/tensor/program.hpp"
#include "app/text/program.hpp"
#include "app/tiny.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

/// Generated weights, one of which is another number.
void write_weights(const std::string& path, GraphView graph, std::string_view changed = "", float number = 0) {
    const io::SyntheticWeights source("d", 3);
    std::vector<std::vector<float>> numbers;
    std::vector<io::StoredTensor> tensors;
    for (const Parameter& parameter : graph.parameters) {
        if (parameter.role == Role::preset) continue;
        const Dimensions shape(parameter.shape.begin(), parameter.shape.begin() + parameter.rank);
        auto& of_one = numbers.emplace_back(static_cast<std::size_t>(parameter.count()));
        source.read(graph.name(parameter), shape, of_one);
        if (graph.name(parameter) == changed) of_one[of_one.size() / 2] = number;
        tensors.push_back({.name = std::string(graph.name(parameter)),
                           .element = Element::float32,
                           .shape = shape,
                           .bytes = std::as_bytes(std::span(of_one))});
    }
    io::write_safetensors(path, tensors);
}

/// Writes an offline file again, with NaN for the second half of its weights.
void write_poisoned(const std::string& from, const std::string& to) {
    const auto file = io::OfflineFile::open(from);
    std::vector<std::string> contents;
    for (const auto name : file.names()) {
        const auto bytes = file.section(name);
        contents.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        const float bad = std::numeric_limits<float>::quiet_NaN();
        for (std::size_t at = bytes.size() / 8 * 4; name == "weights" && at + sizeof bad <= bytes.size();
             at += sizeof bad)
            std::memcpy(contents.back().data() + at, &bad, sizeof bad);
    }
    const auto names = file.names();
    std::vector<io::OfflineSection> sections;
    for (std::size_t i = 0; i < contents.size(); ++i)
        sections.push_back({names[i], std::as_bytes(std::span(contents[i]))});
    io::OfflineWriter::write(to, file.fingerprint(), sections);
}

struct Result {
    Outcome outcome;
    Json json;
};

using Run = Outcome (*)(const std::vector<std::string>&);

Result diff(Run run, const TestFolder& folder, std::vector<std::string> options) {
    const std::string file = folder / "diff.json";
    std::filesystem::remove(file);
    options.insert(options.begin(), "diff");
    options.insert(options.end(), {"--json", file});
    Result result{run(options), {}};
    if (std::filesystem::exists(file)) result.json = Json::parse(text_of(file));
    return result;
}

/// The row of a comparison that is first beyond its tolerance.
Json first_row(const Json& json) {
    for (const Json& row : json.at("layers"))
        if (!row.at("within").get<bool>()) return row;
    return {};
}

/// The layer that a parameter belongs to: queries, keys and values are multiplied by one.
std::string layer_of(const std::string& parameter) {
    const auto parent = [](const std::string& name) { return name.substr(0, name.rfind('.')); };
    const std::string layer = parent(parameter), part = layer.substr(layer.rfind('.') + 1);
    return part == "query" || part == "key" || part == "value" ? parent(layer) : layer;
}

/// The rows before the first one beyond differ by rounding alone; that one computes `layer`.
void check_found(const Result& result, const std::string& layer) {
    INFO(layer << ": " << result.outcome.err);
    REQUIRE(result.outcome.code == 4);
    const Json row = first_row(result.json);
    REQUIRE(row.is_object());
    const auto fused = row.at("fused").get<std::vector<std::string>>();
    CHECK((row.at("name") == layer || std::find(fused.begin(), fused.end(), layer) != fused.end()));
    CHECK(result.json.at("first_beyond") == row.at("name"));
    CHECK(contains(result.outcome.err, "first layer beyond its tolerance: " + row.at("name").get<std::string>() + " "));
}

/// A fault in each layer's weights in turn is found there by the cpu backend, against the same weights without it on
/// the Reference backend.
void check_faults(Run run, GraphView graph) {
    const TestFolder folder;
    write_weights(folder / "right.safetensors", graph);
    std::vector<std::string> options{"--input", "synthetic", "--weights", folder / "right.safetensors"};
    options.insert(options.end(),
                   {"--against-weights", folder / "right.safetensors", "--against-backend", "reference"});
    const Result same = diff(run, folder, options);
    INFO(same.outcome.err);
    REQUIRE(same.outcome.code == 0);
    CHECK(same.json.at("passed") == true);

    options[3] = folder / "fault.safetensors";
    int faults = 0;
    for (const Parameter& parameter : graph.parameters) {
        const std::string name(graph.name(parameter));
        // a word that is in no text makes no difference
        if (parameter.rank < 2 || parameter.role != Role::trained || contains(name, "embeddings")) continue;
        write_weights(folder / "fault.safetensors", graph, name, 2);
        check_found(diff(run, folder, options), layer_of(name));
        ++faults;
    }
    CHECK(faults > 1);
}

}  // namespace

TEST_CASE("diff finds one changed weight in its layer, in every kind of network") {
    check_faults(run_detector_program, detector_graph());
    check_faults(run_text_program, text_graph());
    check_faults(run_tensors, tensor_graph());

    const TestFolder folder;
    const GraphView graph = tiny_offers().front().graph;
    write_weights(folder / "right.safetensors", graph);
    for (const auto& [weight, layer] :
         {std::pair{"0.weight", "2"}, {"3.weight", "4"}, {"5.weight", "5"}, {"7.weight", "7"}}) {
        write_weights(folder / "fault.safetensors", graph, weight, 2);
        check_found(diff(run_tiny, folder,
                         {"--input", "synthetic", "--weights", folder / "fault.safetensors", "--against-weights",
                          folder / "right.safetensors"}),
                    layer);
    }
}

TEST_CASE("diff finds a changed weight among integers too") {
    const TestFolder folder;
    const GraphView graph = tiny_offers().front().graph;
    write_pictures(folder, "pictures");
    write_weights(folder / "right.safetensors", graph);
    write_weights(folder / "fault.safetensors", graph, "5.weight", 2);
    const Result result =
        diff(run_tiny, folder,
             {"--input", "synthetic", "--precision", "qint8_mixed_float32", "--calibration-dir", folder / "pictures",
              "--weights", folder / "fault.safetensors", "--against-weights", folder / "right.safetensors"});
    check_found(result, "5");
    CHECK(contains(result.outcome.out, "tolerance none, for both sides compute alike"));
}

TEST_CASE("NaN among packed weights is found, and its layer and the layer's inputs are written") {
    const TestFolder folder;
    write_weights(folder / "a.safetensors", tiny_offers().front().graph);
    REQUIRE(run_tiny({"gen", "--weights", folder / "a.safetensors", "--quiet", "--output", folder / "a.taxon"}).code ==
            0);
    write_poisoned(folder / "a.taxon", folder / "b.taxon");
    const Result result = diff(run_tiny, folder,
                               {"--input", "synthetic", "--weights", folder / "b.taxon", "--against-weights",
                                folder / "a.taxon", "--output-dir", folder / "out"});
    INFO(result.outcome.err);
    REQUIRE(result.outcome.code == 4);
    CHECK(contains(result.outcome.err, "diff: [value] first layer with NaN or infinity: "));
    const Json row = first_row(result.json);
    const std::string layer = row.at("name");
    CHECK(layer != "2");
    CHECK(row.at("nonfinite").at("found") > 0);
    CHECK(row.at("nonfinite").at("right") == 0);
    for (const std::string side : {"found", "right"}) {
        const Json& written = result.json.at("written").at(side);
        CHECK(written.at("layer") == folder / ("out/" + side + "/" + layer + ".npy"));
        CHECK(all_finite(io::read_npy(written.at("layer").get<std::string>()).numbers) == (side == "right"));
        REQUIRE(written.at("inputs").size() == 1);
        CHECK(all_finite(io::read_npy(written.at("inputs").at(0).get<std::string>()).numbers));
    }
}

TEST_CASE("NaN in a checkpoint is refused when it is read") {
    const TestFolder folder;
    const GraphView graph = tiny_offers().front().graph;
    write_weights(folder / "fault.safetensors", graph, "3.weight", std::numeric_limits<float>::quiet_NaN());
    const Result result =
        diff(run_tiny, folder,
             {"--input", "synthetic", "--weights", folder / "fault.safetensors", "--against-isa", "portable"});
    CHECK(result.outcome.code == 3);
    CHECK(contains(result.outcome.err, "3.weight"));
}

TEST_CASE("precisions and instruction sets are within the tolerance of their rounding") {
    const TestFolder folder;
    for (const std::string precision : {"force_bfloat16", "qint8_mixed_float32", "qint16_mixed_float32"}) {
        const Result result = diff(run_tiny, folder,
                                   {"--input", "synthetic", "--weights", "synthetic", "--precision", precision,
                                    "--against-precision", "force_float32"});
        INFO(precision << result.outcome.out << result.outcome.err);
        CHECK(result.outcome.code == 0);
        const Json& last = result.json.at("layers").back();
        CHECK(last.at("relative").get<double>() > 1e-6);
        CHECK(last.at("snr_db").get<double>() == Approx(-20 * std::log10(last.at("relative").get<double>())));
        CHECK(result.json.at("precision") == precision);
        CHECK(result.json.at("against").at("precision") == "force_float32");
    }
    const Result sets =
        diff(run_tiny, folder, {"--input", "synthetic", "--weights", "synthetic", "--against-isa", "portable"});
    CHECK(sets.outcome.code == 0);
    CHECK(sets.json.at("against").at("isa") == "portable");
    const Result strict = diff(run_tiny, folder,
                               {"--input", "synthetic", "--weights", "synthetic", "--precision", "force_bfloat16",
                                "--against-precision", "force_float32", "--tolerance", "1e-9"});
    CHECK(strict.outcome.code == 4);
    CHECK(strict.json.at("first_beyond") == "2");
}

TEST_CASE("an offline file and the checkpoint that it was made from have equal layers") {
    const TestFolder folder;
    write_weights(folder / "a.safetensors", tiny_offers().front().graph);
    REQUIRE(run_tiny({"gen", "--weights", folder / "a.safetensors", "--quiet", "--output", folder / "a.taxon"}).code ==
            0);
    const Result result = diff(run_tiny, folder,
                               {"--input", "synthetic", "--weights", folder / "a.safetensors", "--against-weights",
                                folder / "a.taxon", "--tolerance", "0"});
    INFO(result.outcome.err);
    CHECK(result.outcome.code == 0);
    CHECK(result.json.at("layers").back().at("snr_db").is_null());  // infinite
}

TEST_CASE("diff lists what the other side keeps and this one fuses") {
    const TestFolder folder;
    const Result result = diff(run_detector_program, folder,
                               {"--input", "synthetic", "--weights", "synthetic", "--against-backend", "reference"});
    CHECK(result.outcome.code == 0);
    std::size_t shown = result.json.at("layers").size();
    for (const Json& row : result.json.at("layers")) shown += row.at("fused").size();
    CHECK(shown == detector_graph().nodes.size() - 1);
    CHECK(result.json.at("not_compared").at(0).at("shown_by") == "right");
    CHECK(result.json.at("not_compared").at(0).at("fused_into") == "1");
    CHECK(contains(result.outcome.out, "within their tolerance"));
}

TEST_CASE("layers that infer dumped are compared, with the input beside them") {
    const TestFolder folder;
    REQUIRE(run_detector_program({"infer", "--input", "synthetic", "--weights", "synthetic", "--backend", "reference",
                                  "--quiet", "--dump-layers", folder / "dump", "--dump-input", folder / "input.npy"})
                .code == 0);
    std::filesystem::rename(folder / "input.npy", folder / "dump/input.npy");
    const std::vector<std::string> options{"--weights", "synthetic", "--against", folder / "dump"};
    const Result same = diff(run_detector_program, folder, options);
    INFO(same.outcome.err);
    CHECK(same.outcome.code == 0);
    CHECK(same.json.at("layers").size() == 4);

    const std::filesystem::path file = folder / "dump/003_3.npy";
    auto [shape, numbers] = io::read_npy(file);
    numbers[5] += 1;
    io::write_npy(file, numbers, shape);
    check_found(diff(run_detector_program, folder, options), "3");

    io::write_npy(file, std::vector<float>(2), {2});
    const Result other = diff(run_detector_program, folder, options);
    CHECK(other.outcome.code == 0);
    CHECK(contains(other.outcome.out, "not in the folder: 3 (there of shape (2))\n"));
}

TEST_CASE("layers that diff dumped, also of integers and of texts, are those that the same run compares") {
    const auto check = [](auto& program, const std::vector<std::string>& own) {
        const TestFolder folder;
        std::vector<std::string> options{"--input", "synthetic", "--weights", "synthetic"};
        options.insert(options.end(), own.begin(), own.end());
        auto dumps = options, compares = options;
        dumps.insert(dumps.end(), {"--against-isa", "portable", "--dump-layers", folder / "dump"});
        REQUIRE(diff(program, folder, dumps).outcome.code == 0);
        compares.insert(compares.end(), {"--against", folder / "dump", "--tolerance", "0"});
        const Result same = diff(program, folder, compares);
        INFO(same.outcome.err);
        CHECK(same.outcome.code == 0);
        CHECK(same.json.at("layers").size() > 2);
        CHECK(same.json.at("not_compared").empty());
    };
    check(run_tiny, {"--precision", "qint8_mixed_float32"});
    check(run_text_program, {});
}

TEST_CASE("diff refuses what it cannot compare in one sentence") {
    const TestFolder folder;
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
        {{"--input", "synthetic"}, "diff: [usage] found nothing to compare with"},
        {{"--against-isa", "portable"}, "diff: [usage] found no input"},
        {{"--input", "synthetic", "--against", "a", "--against-isa", "portable"},
         "--against FOLDER and another --against-… option"},
        {{"--input", "synthetic", "--against-precision", "force_float64"}, "is not built into this program"},
        {{"--input", "synthetic", "--against-isa", "portable", "--calibration-method", "mse"},
         "no side that finds ranges"},
        {{"--input", "synthetic", "--against-isa", "portable", "--tolerance", "nan"}, "--tolerance"}};
    for (const auto& [options, part] : cases) {
        auto all = options;
        all.insert(all.end(), {"--weights", "synthetic"});
        const Result result = diff(run_tiny, folder, all);
        INFO(result.outcome.err);
        CHECK(result.outcome.code == 2);
        CHECK(contains(result.outcome.err, part));
    }
    CHECK(diff(run_tiny, folder, {"--weights", "synthetic", "--against", folder / "nowhere"}).outcome.code == 3);
}
