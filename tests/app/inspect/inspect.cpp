#include <taxon/app/console/json.hpp>
#include <taxon/io/safetensors_writer.hpp>
#include <taxon/io/synthetic_weights.hpp>

#include "app/detector/program.hpp"
#include "app/text/program.hpp"
#include "app/tiny.hpp"
#include "catch.hpp"
#include "io/checkpoint_writer.hpp"
#include "io/module_writer.hpp"

using namespace taxon;
using taxon::app::Json;

namespace {

Json contents(const TestFolder& folder, const std::string& file) {
    const Outcome outcome = run_tiny({"inspect", file, "--quiet", "--json", folder / "contents.json"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return Json::parse(text_of(folder / "contents.json"));
}

std::string safetensors(const TestFolder& folder, const std::string& name, const std::string& tensor) {
    const std::vector<float> numbers(6, 1);
    const std::vector<io::StoredTensor> tensors{{tensor, Element::float32, {2, 3}, std::as_bytes(std::span(numbers))}};
    io::write_safetensors(folder / name, tensors, {{"format", "pt"}, {"made_by", "a test"}});
    return folder / name;
}

}  // namespace

TEST_CASE("tensors and metadata of a safetensors file, and of an index") {
    const TestFolder folder;
    const Json json = contents(folder, safetensors(folder, "a.safetensors", "weight"));
    CHECK(json.at("format") == "safetensors");
    CHECK(json.at("bytes") == std::filesystem::file_size(folder / "a.safetensors"));
    CHECK(json.at("metadata") == Json({{"format", "pt"}, {"made_by", "a test"}}));
    CHECK(json.at("checksums") == false);
    CHECK(json.at("numbers") == 6);
    CHECK(json.at("tensors") ==
          Json::array({{{"name", "weight"}, {"dtype", "float32"}, {"shape", {2, 3}}, {"bytes", 24}}}));

    safetensors(folder, "b.safetensors", "bias");
    write_text(folder / "all.index.json",
               R"({"metadata": {}, "weight_map": {"weight": "a.safetensors", "bias": "b.safetensors"}})");
    const Json index = contents(folder, folder / "all.index.json");
    CHECK(index.at("format") == "index");
    CHECK(index.at("files").size() == 3);
    CHECK(index.at("tensors").size() == 2);
    CHECK(index.at("numbers") == 12);
}

TEST_CASE("a folder in Hugging Face layout has its config.json beside its tensors") {
    const ModelFolder model;
    const Json json = contents(model, model.model());
    CHECK(json.at("format") == "safetensors");
    CHECK(json.at("config").at("hidden_size") == 32);
    CHECK(json.at("tensors").size() > 30);
    CHECK(json.at("file") == model.model() + "/model.safetensors");
}

TEST_CASE("sections and facts of an offline file") {
    const TestFolder folder;
    const std::string file = folder / "m.taxon";
    REQUIRE(run_tiny({"gen", "--weights", "synthetic", "--output", file}).code == 0);
    const Json json = contents(folder, file);
    CHECK(json.at("format") == "taxon");
    CHECK(json.at("fingerprint").get<std::string>().size() == 16);
    CHECK(json.at("metadata").at("variant") == "tiny");
    std::vector<std::string> names;
    for (const Json& section : json.at("sections")) names.push_back(section.at("name"));
    for (const char* name : {"weights", "biases", "facts", "golden.0.input"})
        CHECK(std::find(names.begin(), names.end(), name) != names.end());
    const Outcome people = run_detector_program({"inspect", file});
    CHECK(people.code == 0);
    for (const char* part : {"m.taxon: taxon, ", "variant: tiny", "golden.2.output"}) CHECK(contains(people.out, part));
}

TEST_CASE("checkpoints of torch.save, in both formats, and whole modules") {
    const TestFolder folder;
    const auto zip =
        test::zip_checkpoint(test::pickled::rebuild(test::pickled::storage(), test::pickled::integer(0),
                                                    test::pickled::integers({2, 3}), test::pickled::integers({3, 1})));
    write_text(folder / "zip.pth", zip);
    const Json tensors = Json::array({{{"name", "w"}, {"dtype", "float32"}, {"shape", {2, 3}}, {"bytes", 24}}});
    const Json json = contents(folder, folder / "zip.pth");
    CHECK(json.at("format") == "torch_zip");
    CHECK(json.at("checksums") == true);
    CHECK(json.at("tensors") == tensors);

    test::LegacyParts legacy;
    legacy.object = test::pickled::program(test::pickled::dict({test::pickled::text("w"), test::legacy_tensor()}));
    write_text(folder / "legacy.pth", legacy.bytes());
    const Json older = contents(folder, folder / "legacy.pth");
    CHECK(older.at("format") == "torch_legacy");
    CHECK(older.at("tensors").at(0).at("shape") == Json({6}));

    const GraphView graph = tiny_offers().front().graph;
    write_text(folder / "module.pt", test::pickled::ModuleWriter(graph, io::SyntheticWeights("m", 1)).bytes());
    const Json module = contents(folder, folder / "module.pt");
    CHECK(module.at("metadata").at("labels") == Json({"cat", "dog"}));
    CHECK(module.at("metadata").contains("classes"));
    CHECK(module.at("tensors").at(0).at("dtype") == "float16");
}

TEST_CASE("Darknet's weights, which have no names") {
    const TestFolder folder;
    std::string bytes(20 + 12, '\0');
    bytes[4] = 2, bytes[8] = 5, bytes[12] = 77;
    write_text(folder / "a.weights", bytes);
    const Json json = contents(folder, folder / "a.weights");
    CHECK(json.at("format") == "darknet");
    CHECK(json.at("metadata") == Json({{"version", "0.2"}, {"images_seen", 77}}));
    CHECK(json.at("numbers") == 3);
}

TEST_CASE("what cannot be read exits with 3 and its reader's sentence") {
    const TestFolder folder;
    write_text(folder / "bad.pth", "this is no checkpoint");
    write_text(folder / "cut.taxon", std::string("\x89TAX\r\n\x1A\n", 8) + std::string(8, '\0'));
    std::filesystem::create_directories(folder / "empty");
    for (const char* name : {"bad.pth", "cut.taxon", "empty", "none.pth"}) {
        const Outcome outcome = run_text_program({"inspect", folder / name});
        INFO(outcome.err);
        CHECK(outcome.code == 3);
        CHECK(contains(outcome.err, folder / name));
        CHECK(outcome.out.empty());
    }
    std::filesystem::create_symlink("loop", folder / "loop");
    for (const std::string& name : {folder / "loop", std::string(5000, 'a')}) {
        const Outcome outcome = run_text_program({"inspect", name});
        INFO(outcome.err);
        CHECK(outcome.code == 3);
        CHECK(contains(outcome.err, "[io] found "));
    }
    CHECK(run_text_program({"inspect"}).code == 2);
    CHECK(contains(run_text_program({"inspect", "--help"}).out, "Darknet's .weights"));
}
