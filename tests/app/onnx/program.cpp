#include <taxon/app/onnx/program.hpp>

#include <sstream>
#include <taxon/app/onnx/type_writer.hpp>
#include <taxon/io/safetensors.hpp>

#include "app/program.hpp"
#include "catch.hpp"
#include "onnx/model_writer.hpp"

using namespace taxon;
using namespace taxon::test::onnx_bytes;

namespace {

Outcome outcome_of(int main(int, const char* const*, app::Console&), const std::vector<std::string>& arguments) {
    std::vector<const char*> words{"program"};
    for (const std::string& one : arguments) words.push_back(one.c_str());
    std::ostringstream out, err;
    app::Console console{out, err};
    const int code = main(static_cast<int>(words.size()), words.data(), console);
    return {code, out.str(), err.str()};
}
Outcome import_onnx(const std::vector<std::string>& arguments) { return outcome_of(app::import_onnx_main, arguments); }
std::string relu(const Sizes& shape) {
    return model(Graph{{node("Relu", {"x"}, {"y"})}, {}, {value("x", shape)}, {value("y", shape)}});
}
long lines_of(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

}  // namespace

TEST_CASE("import_onnx check tells what becomes of each operator, in text and JSON") {
    const TestFolder folder;
    write_text(folder / "model.onnx", small_model());
    const Outcome text = import_onnx({"check", folder / "model.onnx"});
    CHECK(text.code == 0);
    CHECK(text.err.empty());
    for (const char* part :
         {"Conv                          1  supported", "Gather                        1  folded away",
          "x: float32 2 x 1 x 2 x 2", "7 nodes, of which 3 left", "importable"})
        CHECK(contains(text.out, part));
    CHECK(import_onnx({"check", folder / "model.onnx", "--json", folder / "report.json"}).code == 0);
    const app::Json report = app::read_json(folder / "report.json");
    CHECK(report.at("importable") == true);
    CHECK(report.at("reason").is_null());
    CHECK(report.at("opset") == app::Json{{"ai.onnx", 17}});
    CHECK(report.at("inputs") == app::Json{{"x", {{"type", "float32"}, {"shape", {2, 1, 2, 2}}}}});
    CHECK(report.at("outputs") == app::Json{{"out", {{"type", "float32"}, {"shape", {2, 4}}}}});
    CHECK(report.at("nodes") == 7);
    CHECK(report.at("parameters") == 9);
    CHECK(report.at("flops") == 144);
    CHECK(report.at("operators")[0] ==
          app::Json{{"operator", "Concat"}, {"count", 1}, {"status", "folded"}, {"nodes", app::Json::array()}});
}

TEST_CASE("import_onnx refuses with exit code 3 and one line, and wrong use with 2") {
    const TestFolder folder;
    write_text(folder / "magic.onnx",
               model(Graph{{node("Magic", {"x"}, {"y"})}, {}, {value("x", {1})}, {value("y", {1})}}));
    write_text(folder / "open.onnx", relu({-1, 2}));
    write_text(folder / "text.onnx", "<!DOCTYPE html>\n");
    const auto refused = [&](const char* file, const char* part) {
        const Outcome outcome = import_onnx({"check", folder / file, "--json", folder / "report.json"});
        INFO(outcome.err);
        CHECK(outcome.code == 3);
        CHECK(lines_of(outcome.err) == 1);
        CHECK(contains(outcome.err, file));
        CHECK(contains(outcome.err, part));
        CHECK(import_onnx({"run", folder / file}).code == 3);
    };
    refused("magic.onnx", "Magic (node 'y/Magic')");
    CHECK(app::read_json(folder / "report.json").at("operators")[0].at("status") == "unsupported");
    refused("open.onnx", "--shape x=");
    refused("text.onnx", "[syntax]");
    refused("nothing.onnx", "[io]");
    const auto wrong = [&](const std::string& shape) {
        return import_onnx({"check", folder / "open.onnx", "--shape", shape}).code == 2;
    };
    CHECK(import_onnx({"check", folder / "open.onnx", "--shape", "x=4,2"}).code == 0);
    CHECK((wrong("x=4,3") && wrong("x=4") && wrong("z=4,2") && wrong("x") && wrong("x=4,-2") && wrong("x=a")));
}

TEST_CASE("import_onnx check and write refuse what has no layer, which run computes") {
    const TestFolder folder;
    // a convolution with itself
    write_text(folder / "own.onnx", model(Graph{{node("Conv", {"x", "x"}, {"y"}), node("Neg", {"y"}, {"z"})},
                                                {},
                                                {value("x", {1, 1, 2, 2})},
                                                {value("z", {1, 1, 1, 1})}},
                                          18));
    const Outcome check = import_onnx({"check", folder / "own.onnx", "--json", folder / "report.json"}),
                  write =
                      import_onnx({"write", folder / "own.onnx", "--name", "Own", "--output-dir", folder / "written"});
    CHECK((check.code == 3 && write.code == 3));
    INFO(check.err);
    CHECK(contains(check.err, "found what has no layer: Conv with "));
    CHECK(contains(check.err,
                   " that depend on the network's inputs, wanted constants (node 'y/Conv'); export the model"));
    CHECK(check.err == write.err);
    CHECK_FALSE(std::filesystem::exists(folder / "written"));
    const app::Json report = app::read_json(folder / "report.json");
    CHECK(report.at("importable") == false);
    CHECK(report.at("operators")[0].at("nodes") == app::Json{"y/Conv"});
    io::write_npy(folder / "x.npy", std::vector<float>{1, 2, 3, 4}, {1, 1, 2, 2});
    CHECK(import_onnx({"run", folder / "own.onnx", "--tensor", "x=" + folder / "x.npy"}).code == 0);
}

TEST_CASE("import_onnx run holds its outputs against expected ones, and writes them") {
    const TestFolder folder;
    write_text(folder / "model.onnx", relu({3}));
    io::write_npy(folder / "x.npy", std::vector<float>{-1, 2, 3}, {3});
    io::write_npy(folder / "right.npy", std::vector<float>{0, 2, 3.00001f}, {3});
    io::write_npy(folder / "wrong.npy", std::vector<float>{0, 2, 4}, {3});
    const auto run = [&](std::vector<std::string> more) {
        std::vector<std::string> all{"run", folder / "model.onnx", "--tensor", "x=" + folder / "x.npy"};
        all.insert(all.end(), more.begin(), more.end());
        return import_onnx(all);
    };
    CHECK(run({"--expect", "y=" + folder / "right.npy"}).code == 0);
    const Outcome wrong = run({"--expect", "y=" + folder / "wrong.npy"});
    CHECK(wrong.code == 4);
    CHECK(contains(wrong.err, "output y: largest difference 6.1e-01 of the standard deviation, allowed 1e-04"));
    CHECK(run({"--expect", "y=" + folder / "wrong.npy", "--tolerance", "1"}).code == 0);
    CHECK(run({"--output-dir", folder / "out"}).code == 0);
    CHECK(io::read_npy(folder / "out/y.npy").numbers == std::vector<float>{0, 2, 3});
    CHECK(run({"--expect", "z=" + folder / "right.npy"}).code == 3);
    CHECK(contains(run({}).out, "computed in float32 by 1 steps, "));
    CHECK(contains(run({"--isa", "portable", "--threads", "1"}).out, " steps, portable\n"));
    const Outcome plain = run({"--backend", "reference", "--expect", "y=" + folder / "right.npy"});
    CHECK(plain.code == 0);
    CHECK(contains(plain.out, "computed operator by operator, which is slow: --backend reference\n"));
    CHECK(run({"--isa", "best"}).code == 2);
    CHECK(import_onnx({"run", folder / "model.onnx"}).code == 2);
    io::write_npy(folder / "long.npy", std::vector<float>{1, 2}, {2});
    CHECK(import_onnx({"run", folder / "model.onnx", "--tensor", "x=" + folder / "long.npy"}).code == 3);
}

TEST_CASE("import_onnx write makes a header and its weights, or nothing") {
    const TestFolder folder;
    write_text(folder / "model.onnx",
               model(Graph{{node("Conv", {"x", "a.conv.weight"}, {"y"}), node("Relu", {"y"}, {"z"})},
                           {floats("a.conv.weight", {2, 1, 1, 1}, {1, 2})},
                           {value("x", {1, 1, 2, 2})},
                           {value("z", {1, 2, 2, 2})}}));
    const auto write = [&](const char* name, const std::string& to, const std::string& file = "model.onnx") {
        return import_onnx({"write", folder / file, "--name", name, "--output-dir", folder / to, "--json", "-"});
    };
    const Outcome done = write("TwoLayersV2", "out");
    INFO(done.err);
    REQUIRE(done.code == 0);
    const app::Json report = app::Json::parse(done.out);
    CHECK(report.at("layers") == 2);
    CHECK(report.at("parameters") == 2);
    CHECK(report.at("names") == app::Json{"a.conv.weight"});
    CHECK(report.at("header") == folder / "out/two_layers_v2.hpp");
    const std::string header = text_of(folder / "out/two_layers_v2.hpp");
    CHECK(contains(header, "apply<Conv2d<1, 2, 1>>(t, \"a.conv\", x);  // 1 x 2 x 2 x 2"));
    const std::string bytes = text_of(folder / "out/two_layers_v2.safetensors");
    const io::StoredTensors weights = io::Safetensors::read(std::as_bytes(std::span(bytes)));
    REQUIRE(weights.tensors.size() == 1);
    CHECK(weights.tensors[0].name == "a.conv.weight");
    CHECK(weights.tensors[0].shape == Dimensions{2, 1, 1, 1});
    const float numbers[] = {1, 2};
    CHECK(std::ranges::equal(weights.tensors[0].bytes, std::as_bytes(std::span(numbers))));

    CHECK(write("TwoLayersV2", "again").code == 0);
    CHECK(text_of(folder / "again/two_layers_v2.hpp") == header);
    CHECK(text_of(folder / "again/two_layers_v2.safetensors") == bytes);
    const Outcome alone =
        outcome_of(app::write_type_main, {folder / "model.onnx", "TwoLayersV2", folder / "alone", "x=1,1,2,2"});
    CHECK((alone.code == 0 && alone.out.empty() && alone.err.empty()));
    CHECK(text_of(folder / "alone/two_layers_v2.hpp") == header);
    CHECK(text_of(folder / "alone/two_layers_v2.safetensors") == bytes);
    CHECK(outcome_of(app::write_type_main, {folder / "model.onnx", "TwoLayersV2", folder / "wrong", "x=4"}).code == 2);
    CHECK(outcome_of(app::write_type_main, {folder / "model.onnx"}).code == 2);

    write_text(folder / "damaged.onnx", text_of(folder / "model.onnx").substr(0, 90));
    const Outcome damaged = write("Damaged", "damaged", "damaged.onnx");
    CHECK(damaged.code == 3);
    CHECK(lines_of(damaged.err) == 1);
    CHECK(!std::filesystem::exists(folder / "damaged"));
    for (const char* name : {"class", "2Layers", "Two-Layers", "a__b", "_A", "Conv2d"})
        CHECK(write(name, "wrong").code == 2);
    CHECK(!std::filesystem::exists(folder / "wrong"));
}
