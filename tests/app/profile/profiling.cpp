#include <taxon/app/profile/profile_json.hpp>

#include <algorithm>
#include <cmath>
#include <set>

#include "app/detector/program.hpp"
#include "app/tensor/program.hpp"
#include "app/text/program.hpp"
#include "catch.hpp"
#include "profile/trace_rules.hpp"

using namespace taxon::app;

namespace {

/// A profile of few runs: its JSON, and what it printed.
template <class Run>
Json profiled(Run run, const TestFolder& folder, std::vector<std::string> options, std::string* text = nullptr) {
    options.insert(options.begin(),
                   {"profile", "--iterations", "3", "--warmup", "0", "--json", folder / "p.json", "--trace",
                    folder / "t.json", "--stacks", folder / "s.txt", "--html", folder / "p.html"});
    const Outcome outcome = run(options);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    if (text) *text = outcome.out;
    return Json::parse(text_of(folder / "p.json"));
}

/// What docs/profile.md says of every profile.
void check_profile(const Json& json, const TestFolder& folder) {
    CHECK(json.at("schema") == "taxon.profile/1");
    const auto number = [](const Json& of, const char* field) { return of.at(field).get<double>(); };
    double sum = 0, percent = 0;
    int next = 0;
    for (const Json& row : json.at("rows")) {
        INFO(row.dump());
        CHECK(row.at("layer").is_string());
        CHECK((number(row, "time_ms") >= number(row, "min_ms") * .999999 && number(row, "min_ms") >= 0));
        sum += number(row, "time_ms"), percent += number(row, "percent");
        if (!row.contains("step")) continue;
        CHECK(row["step"] == next++);
        for (const char* field : {"output", "kernel", "roof", "layers", "fused"}) CHECK(row.contains(field));
        CHECK(row["output"].at("strides").size() == 3);
        CHECK(row.at("threads").size() == json.at("run").at("threads").get<std::size_t>());
        CHECK(row.at("buffer").get<std::size_t>() < json.at("buffers").size());
        CHECK(number(row, "imbalance") >= 1);
    }
    CHECK(next > 0);
    const Json& time = json.at("time");
    CHECK(number(time, "rows_ms") == Approx(sum).margin(1e-5));
    CHECK(number(time, "rows_ms") + number(time, "other_ms") == Approx(number(time, "profiled_ms")).margin(1e-5));
    CHECK(percent == Approx(100).margin(.1));
    double kinds = 0;
    for (const Json& kind : json.at("kinds")) kinds += number(kind, "time_ms");
    CHECK(kinds == Approx(sum).margin(1e-5));
    for (const char* list : {"peaks", "bandwidth"}) CHECK(!json.at("machine").at(list).empty());
    CHECK(json.at("run").at("profiled_runs") == 3);
    CHECK(trace_problem(text_of(folder / "t.json")).empty());
    CHECK(text_of(folder / "p.html").starts_with("<!DOCTYPE html>"));
    const std::string stacks = text_of(folder / "s.txt");
    CHECK(static_cast<std::size_t>(std::count(stacks.begin(), stacks.end(), '\n')) == json["rows"].size());
}

std::set<std::string> stages(const Json& json) {
    std::set<std::string> found;
    for (const Json& row : json.at("rows")) found.insert(row.at("stage").get<std::string>());
    return found;
}

}  // namespace

TEST_CASE("profile shows every step under the state dict's names, in the views that are asked for") {
    const TestFolder folder;
    std::string text;
    const Json json = profiled(run_tensors, folder, {"--weights", "synthetic", "--threads", "1"}, &text);
    check_profile(json, folder);
    const auto described = run_tensors({"describe", "--json", "-"});
    const Json steps = Json::parse(described.out).at("steps");
    std::size_t at = 0;
    for (const Json& row : json["rows"])
        if (row.contains("step")) {
            CHECK(row["layer"] == steps.at(at).at("layer"));
            CHECK(row["kind"] == steps.at(at).at("kernel"));
            CHECK(contains(text, row["layer"].get<std::string>()));
            ++at;
        }
    CHECK(at == steps.size());
    CHECK(stages(json) == std::set<std::string>{"network"});
    for (const char* part : {"in run order", "by time", "by kind", "roofs of 1 thread", "the overhead is"}) {
        INFO(part);
        CHECK(contains(text, part));
    }
    const auto one = run_tensors(
        {"profile", "--weights", "synthetic", "--iterations", "1", "--warmup", "0", "--view", "time", "--top", "2"});
    CHECK(one.code == 0);
    CHECK(contains(one.out, "by time, the 2 slowest"));
    CHECK_FALSE(contains(one.out, "in run order"));
    CHECK_FALSE(contains(one.out, "by kind"));
    CHECK(
        run_tensors({"profile", "--weights", "synthetic", "--duration", "0", "--warmup", "0", "--quiet"}).out.empty());
}

TEST_CASE("profile takes batches, threads and every precision") {
    const TestFolder folder;
    const Json json =
        profiled(run_tensors, folder,
                 {"--weights", "synthetic", "--batch", "5", "--threads", "2", "--precision", "qint8_mixed_float32"});
    check_profile(json, folder);
    CHECK(json["run"]["batch"] == 5);
    CHECK(json["network"]["precision"] == "qint8_mixed_float32");
}

TEST_CASE("a profile from picture file to boxes has decoding, preprocessing and postprocessing as rows") {
    const PictureFolder folder;
    const Json json = profiled(run_detector_program, folder,
                               {"--weights", "synthetic", "--end-to-end", folder.pictures(), "--batch", "2"});
    check_profile(json, folder);
    CHECK(stages(json) == std::set<std::string>{"read", "preprocess", "network", "postprocess"});
    const auto trace = text_of(folder / "t.json");
    for (const char* name : {"decode", "preprocess", "postprocess", "pass"}) CHECK(contains(trace, name));
}

TEST_CASE("a profile from text to class counts the tokens that ran") {
    const ModelFolder folder;
    const Json json =
        profiled(run_text_program, folder, {"--weights", folder.model(), "--end-to-end", "--text", "the film"});
    check_profile(json, folder);
    CHECK(stages(json) == std::set<std::string>{"read", "network", "postprocess"});
    CHECK(json["run"]["sequence"].get<int>() >= 3);
    CHECK(json["run"]["sequence"].get<int>() <= 6);
    const Json whole = profiled(run_text_program, folder, {"--weights", folder.model(), "--sequence", "8"});
    CHECK(whole["run"]["sequence"] == 8);
    CHECK(whole["flops"] > json["flops"]);
}

TEST_CASE("profile refuses what has no plan, and inputs without --end-to-end, in one sentence") {
    const TestFolder folder;
    const auto refused = [](const Outcome& outcome, int code, const std::string& sentence) {
        INFO(outcome.err);
        CHECK(outcome.code == code);
        CHECK(contains(outcome.err, sentence));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') <= 2);
    };
    refused(run_tensors({"profile", "--weights", "synthetic", "--backend", "reference"}), 2,
            "--backend reference, which has no plan");
    refused(run_detector_program({"profile", "--weights", "synthetic", "--end-to-end"}), 2, "no picture");
    refused(run_detector_program({"profile", "--weights", "synthetic", "a.png"}), 2, "pictures without --end-to-end");
    refused(run_text_program({"profile", "--weights", "synthetic", "--end-to-end"}), 2, "no text");
    refused(run_tensors({"profile", "--weights", "synthetic", "--view", "nonsense"}), 2, "nonsense");
    refused(run_tensors({"profile", "--weights", "synthetic", "--json", folder / "a", "--trace", folder / "a"}), 2,
            "--json names as well");
    refused(run_tensors({"profile", "--weights", "synthetic", "--trace", "no/such/folder/a"}), 2, "make the folder");
}
