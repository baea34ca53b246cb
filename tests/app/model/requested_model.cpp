#include <taxon/app/model/requested_model.hpp>

#include "app/tiny.hpp"
#include "catch.hpp"
#include "io/state_dict_writer.hpp"

#include <taxon/app/console/json.hpp>
#include <taxon/app/run/spread.hpp>
#include <taxon/io/offline_file.hpp>
#include <taxon/io/offline_writer.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/io/safetensors_writer.hpp>

using namespace taxon;
using namespace taxon::app;

namespace {

std::string made(const TestFolder& folder, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"gen", "--weights", "synthetic", "--quiet", "--output", folder / "m.taxon"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(run_tiny(arguments).code == 0);
    return folder / "m.taxon";
}

/// A checkpoint of "tiny" with generated numbers.
void write_checkpoint(const std::string& path) {
    const GraphView graph = tiny_offers().front().graph;
    const io::SyntheticWeights source;
    std::vector<std::vector<float>> numbers;
    std::vector<io::StoredTensor> tensors;
    for (const Parameter& parameter : graph.parameters) {
        const Dimensions shape(parameter.shape.begin(), parameter.shape.begin() + parameter.rank);
        source.read(graph.name(parameter), shape, numbers.emplace_back(static_cast<std::size_t>(parameter.count())));
        tensors.push_back({std::string(graph.name(parameter)), Element::float32, shape, {}});
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].bytes = std::as_bytes(std::span(numbers[i]));
    io::write_safetensors(path, tensors, {});
}

}  // namespace

TEST_CASE("an offline file says itself which network it is, whatever it is called") {
    const TestFolder folder;
    std::filesystem::rename(made(folder, {"--precision", "force_bfloat16"}), folder / "m.pth");
    REQUIRE(run_tiny({"infer", "--input", "synthetic", "--weights", folder / "m.pth", "--quiet", "--json",
                      folder / "a.json"})
                .code == 0);
    CHECK(Json::parse(text_of(folder / "a.json")).at("precision") == "force_bfloat16");
    made(folder, {"--variant", "other"});
    REQUIRE(run_tiny({"perf", "--iterations", "2", "--warmup", "0", "--weights", folder / "m.taxon", "--json",
                      folder / "p.json"})
                .code == 0);
    CHECK(Json::parse(text_of(folder / "p.json"))
              .at("benchmarks")
              .at(0)
              .at("name")
              .get<std::string>()
              .starts_with("tinies_other/force_float32/batch:1"));
}

TEST_CASE("R6: an offline file of another number of classes names the line that builds for them", "[cases]") {
    const TestFolder folder;
    const io::OfflineFile file = io::OfflineFile::open(made(folder, {}));
    std::vector<io::OfflineSection> sections;
    Json facts = Json::parse(std::string(io::as_text(file.section("facts"))));
    facts["output"][0] = 7;
    const std::string changed = facts.dump();
    for (const auto name : file.names())
        sections.push_back({name, name == "facts" ? std::as_bytes(std::span(changed)) : file.section(name)});
    io::OfflineWriter::write(folder / "seven.taxon", file.fingerprint(), sections);
    const Outcome refused = run_tiny({"infer", "--input", "synthetic", "--weights", folder / "seven.taxon"});
    CHECK(refused.code == 3);
    CHECK(contains(refused.err, "of 7 classes, wanted 5 classes; -DTAXON_CLASSES=7 builds a program for it"));
}

TEST_CASE("a data set is scored with an offline file") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    made(folder, {"--precision", "qint8_mixed_float32", "--calibration-dir", folder / "pictures"});
    REQUIRE(run_tiny({"eval", "--dataset", folder / "pictures.tsv", "--weights", folder / "m.taxon", "--json",
                      folder / "a.json"})
                .code == 0);
    const auto json = Json::parse(text_of(folder / "a.json"));
    CHECK(json.at("n") == 10);
    CHECK(json.at("weights") == "m.taxon");
    CHECK(json.at("precision") == "qint8_mixed_float32");
}

TEST_CASE("an offline file for another network is refused, and the sentence says what it is") {
    const TestFolder folder;
    const std::string file = made(folder, {});
    const auto infer = [&](const std::vector<std::string>& more) {
        std::vector<std::string> arguments{"infer", "--input", "synthetic", "--weights", file};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_tiny(arguments);
    };
    CHECK(
        infer({"--variant", "tiny", "--precision", "force_float32", "--execution", "fused", "--backend", "cpu"}).code ==
        0);
    for (const auto& [more, wanted] :
         {std::pair<std::vector<std::string>, std::string>{{"--variant", "other"}, "other"},
          {{"--precision", "force_bfloat16"}, "force_bfloat16"}}) {
        const auto outcome = infer(more);
        CHECK(outcome.code == 3);
        CHECK(outcome.err == "tiny: " + file + ": model: [mismatch] found tinies tiny, force_float32, wanted " +
                                 wanted + "; use the program and the options that it was made for\n");
    }
    for (const auto& more : {std::vector<std::string>{"--backend", "reference"}, {"--execution", "layer_by_layer"}}) {
        const auto outcome = infer(more);
        CHECK(outcome.code == 2);
        CHECK(contains(outcome.err, "the layers of an offline file are fused, for the cpu backend"));
    }
    CHECK(infer({"--equalise"}).code == 2);
    CHECK(run_tiny({"gen", "--weights", file, "--output", folder / "n.taxon"}).code == 2);
    CHECK(run_tiny({"convert", "--weights", file, "--output", folder / "n.safetensors"}).code == 3);
}

TEST_CASE("a file that the library wrote has no facts, and is used by what is asked for") {
    const TestFolder folder;
    const ModelEntry& entry = tiny_offers()[1];
    entry.load(io::SyntheticWeights(), {}, {})->save(folder / "m.taxon", {});
    CHECK(run_tiny({"infer", "--input", "synthetic", "--weights", folder / "m.taxon", "--precision", "force_bfloat16"})
              .code == 0);
    CHECK(contains(run_tiny({"infer", "--input", "synthetic", "--weights", folder / "m.taxon"}).err,
                   "[mismatch] found 3 x 8 x 8 to 5 x 1 x 1"));
    const auto verified = run_tiny({"verify", "--weights", folder / "m.taxon", "--precision", "force_bfloat16"});
    CHECK(verified.code == 0);
    CHECK(contains(verified.out, "every byte is as written\n"));
    CHECK(contains(verified.out, "no golden pairs in it"));
}

TEST_CASE("the range of batches of an offline file is kept to") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    const std::string file = made(folder, {"--batch", "2:4"});
    const auto infer = [&](const std::string& batch, const std::string& limit) {
        return run_tiny({"infer", folder / "pictures", folder / "pictures/more", "--weights", file, "--quiet",
                         "--batch", batch, "--limit", limit});
    };
    CHECK(infer("2", "10").code == 0);
    CHECK(infer("4", "10").code == 0);
    CHECK(contains(infer("1", "10").err, "--batch: [usage] found 1, wanted 2 to 4, for which " + file + " was made"));
    CHECK(infer("5", "10").code == 2);
    CHECK(contains(infer("3", "10").err, "found 10 inputs, so that the last batch has 1, wanted 2 to 4"));
    CHECK(infer("3", "9").code == 0);
    CHECK(run_tiny({"perf", "--iterations", "1", "--warmup", "0", "--weights", file}).code == 2);
    CHECK(run_tiny({"perf", "--iterations", "1", "--warmup", "0", "--weights", file, "--batch", "3"}).code == 0);
    CHECK(run_tiny({"eval", "--dataset", folder / "pictures.tsv", "--weights", file}).code == 2);
    CHECK(run_tiny({"eval", "--dataset", folder / "pictures.tsv", "--weights", file, "--batch", "2"}).code == 0);
    CHECK(run_tiny({"verify", "--weights", file}).code == 0);
}

TEST_CASE("a quantized precision wants ranges: of pictures, or with generated weights of what is answered") {
    const TestFolder folder;
    write_pictures(folder, "pictures");
    write_checkpoint(folder / "w.safetensors");
    const std::vector<std::string> infer{"infer",  "--input", "synthetic:x", "--precision", "qint8_mixed_float32",
                                         "--quiet"};
    const auto outcome = [&](const std::vector<std::string>& more) {
        auto arguments = infer;
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_tiny(arguments);
    };
    CHECK(outcome({"--weights", "synthetic"}).code == 0);
    const auto refused = outcome({"--weights", folder / "w.safetensors"});
    CHECK(refused.code == 2);
    CHECK(refused.err == "tiny: --precision qint8_mixed_float32: [usage] found no ranges of its values, wanted "
                         "--calibration-dir DIR or --calibration-file TSV of typical "
                         "pictures, or a .taxon file; gen makes one\n");
    CHECK(outcome({"--weights", folder / "w.safetensors", "--calibration-file", folder / "pictures.tsv"}).code == 0);
    CHECK(run_tiny({"infer", "--input", "synthetic:x", "--weights", folder / "w.safetensors"}).code == 0);
    for (const std::string verb : {"infer", "eval", "perf"})
        CHECK(contains(run_tiny({verb, "--help"}).out, "--calibration-file"));
}

TEST_CASE("quantized answers come near to those in float32") {
    const TestFolder folder;
    const auto answers = [&](const std::string& precision) {
        REQUIRE(run_tiny({"infer", "--input", "synthetic", "--batch", "4", "--weights", "synthetic", "--precision",
                          precision, "--quiet", "--output", folder / "a.npy"})
                    .code == 0);
        return floats_of_npy(folder / "a.npy");
    };
    const auto wanted = answers("force_float32");
    const double deviation = Spread::of(wanted).deviation;
    for (const auto& [precision, most] : {std::pair<std::string, double>{"force_bfloat16", .1},
                                          {"qint8_mixed_float32", .2},
                                          {"qint16_mixed_float32", .05}}) {
        INFO(precision);
        const auto found = answers(precision);
        REQUIRE(found.size() == wanted.size());
        CHECK(found != wanted);
        for (std::size_t i = 0; i < found.size(); ++i) CHECK(std::abs(found[i] - wanted[i]) <= most * deviation);
    }
}

TEST_CASE("R13: averaged weights are taken and said, and --weights-key chooses others", "[cases]") {
    using namespace test::pickled;
    const TestFolder folder;
    const GraphView graph = tiny_offers().front().graph;
    StateDictWriter writer;
    const std::string averaged = writer.dict_of(graph, io::SyntheticWeights::parse("synthetic:a"), "model.module."),
                      plain = writer.dict_of(graph, io::SyntheticWeights::parse("synthetic:p"), "net.");
    write_text(folder / "w.pth", writer.file(dict({test::pickled::text("state_dict"), plain,
                                                   test::pickled::text("state_dict_ema"), averaged})));
    const auto infer = [&](const std::string& weights, const std::vector<std::string>& more) {
        std::vector<std::string> arguments{"infer",    "--input",        "synthetic", "--weights",      weights,
                                           "--output", folder / "o.npy", "--json",    folder / "o.json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        Outcome outcome = run_tiny(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        outcome.out = text_of(folder / "o.npy");
        return outcome;
    };
    const auto remarks = [&] { return Json::parse(text_of(folder / "o.json")).value("remarks", Json()); };
    const std::string said = "the tensors of state_dict_ema, not state_dict; --weights-key chooses";

    const Outcome taken = infer(folder / "w.pth", {});
    CHECK(taken.err == "weights: " + said + "\n");
    CHECK(remarks() == Json{said});
    CHECK(taken.out == infer("synthetic:a", {}).out);
    CHECK(infer(folder / "w.pth", {"--quiet"}).err.empty());
    const Outcome chosen = infer(folder / "w.pth", {"--weights-key", "state_dict/net."});
    CHECK(chosen.err.empty());
    CHECK(remarks().is_null());
    CHECK(chosen.out == infer("synthetic:p", {}).out);
    const auto wrong =
        run_tiny({"infer", "--input", "synthetic", "--weights", folder / "w.pth", "--weights-key", "state_dict"});
    CHECK(wrong.code == 3);
    CHECK(contains(wrong.err, "--weights-key net. takes only those"));
    CHECK(run_tiny({"infer", "--input", "synthetic", "--weights", folder / "w.pth", "--weights-key", "other"}).code ==
          3);

    const auto converted = run_tiny({"convert", "--weights", folder / "w.pth", "--output", folder / "w.safetensors"});
    CHECK(converted.err == "weights: " + said + "\n");
    const auto file = io::WeightFile::open(folder / "w.safetensors");
    CHECK(file.find(graph.name(graph.parameters.front())) != nullptr);
    const auto listed = run_tiny({"inspect", folder / "w.pth", "--weights-key", "state_dict/net."});
    CHECK(contains(listed.out, std::string(graph.name(graph.parameters.front()))));
    CHECK_FALSE(contains(listed.out, "net."));
    CHECK(contains(run_tiny({"inspect", folder / "w.pth"}).out, said + "\n"));
}

TEST_CASE("R13: --weights-key is refused where there are no keys", "[cases]") {
    const TestFolder folder;
    const std::string file = made(folder, {});
    for (const std::string& weights : {file, std::string("synthetic")})
        for (const char* verb : {"infer", "perf"}) {
            std::vector<std::string> arguments{verb, "--weights", weights, "--weights-key", "model"};
            if (arguments.front() == "infer") arguments.insert(arguments.end(), {"--input", "synthetic"});
            const auto outcome = run_tiny(arguments);
            CHECK(outcome.code == 2);
            CHECK(contains(outcome.err, "--weights-key: [usage] found 'model' for weights without keys"));
        }
    CHECK(run_tiny({"inspect", file, "--weights-key", "model"}).code == 2);
    write_checkpoint(folder / "w.safetensors");
    CHECK(run_tiny({"inspect", folder / "w.safetensors", "--weights-key", "model"}).code == 2);
}

TEST_CASE("A13: weights that could not be verified are said to be so, on the screen and in JSON", "[cases]") {
    using namespace test::pickled;
    const TestFolder folder;
    StateDictWriter writer;
    const std::string value = writer.dict_of(tiny_offers().front().graph, io::SyntheticWeights::parse("synthetic:a"));
    auto parts = writer.parts(value);
    for (auto& part : parts) part.checksum = 0;
    write_text(folder / "w.pth", test::zip_of(parts).bytes);
    write_pictures(folder, "pictures");
    const std::string said = "not verified: the archive has no checksums";
    for (const auto& arguments : std::vector<std::vector<std::string>>{{"infer", "--input", "synthetic"},
                                                                       {"eval", "--dataset", folder / "pictures.tsv"},
                                                                       {"perf", "--iterations", "1", "--warmup", "0"},
                                                                       {"gen", "--output", folder / "m.taxon"}}) {
        INFO(arguments.front());
        auto all = arguments;
        all.insert(all.end(), {"--weights", folder / "w.pth", "--json", folder / "o.json"});
        const auto outcome = run_tiny(all);
        REQUIRE(outcome.code == 0);
        CHECK(contains(outcome.err, "weights: " + said + "\n"));
        const auto json = Json::parse(text_of(folder / "o.json"));
        CHECK((json.contains("context") ? json.at("context") : json).at("remarks") == Json{said});
    }
}
