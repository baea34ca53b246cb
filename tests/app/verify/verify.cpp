#include <taxon/app/console/json.hpp>
#include <cstring>
#include <limits>
#include <taxon/io/offline_file.hpp>
#include <taxon/io/offline_writer.hpp>

#include "app/tiny.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

/// Writes an offline file again with one section changed.
void change_section(const std::string& path, std::string_view changed,
                    const std::function<void(std::string&)>& change) {
    std::vector<std::string> names, contents;
    std::uint64_t fingerprint = 0;
    {
        const auto file = io::OfflineFile::open(path);
        fingerprint = file.fingerprint();
        for (const auto name : file.names()) {
            const auto bytes = file.section(name);
            names.emplace_back(name), contents.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        }
    }
    std::vector<io::OfflineSection> sections;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == changed) change(contents[i]);
        sections.push_back({names[i], std::as_bytes(std::span(contents[i]))});
    }
    io::OfflineWriter::write(path, fingerprint, sections);
}

void make(const std::string& path, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"gen", "--weights", "synthetic", "--quiet", "--output", path};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(run_tiny(arguments).code == 0);
}

}  // namespace

TEST_CASE("verify says of each golden pair how far it is off, on every instruction set") {
    const TestFolder folder;
    for (const std::string precision :
         {"force_float32", "force_bfloat16", "qint8_mixed_float32", "qint16_mixed_float32"}) {
        make(folder / "a.taxon", {"--precision", precision});
        const auto same = run_tiny({"verify", "--weights", folder / "a.taxon"});
        CHECK(same.code == 0);
        CHECK(contains(same.out, "every byte is as written\ntinies tiny, " + precision));
        CHECK(contains(same.out, "golden 0: identical\ngolden 1: identical\ngolden 2: identical\n"));
        REQUIRE(run_tiny({"verify", "--weights", folder / "a.taxon", "--isa", "portable", "--quiet", "--json",
                          folder / "a.json"})
                    .code == 0);
        const auto json = Json::parse(text_of(folder / "a.json"));
        CHECK(json.at("isa") == "portable");
        CHECK(json.at("passed") == true);
        REQUIRE(json.at("pairs").size() == 3);
        CHECK(json.at("pairs").at(0).at("difference") <= json.at("allowed"));
    }
}

TEST_CASE("a stored answer that the network does not give fails with 4") {
    const TestFolder folder;
    make(folder / "a.taxon");
    change_section(folder / "a.taxon", "golden.1.output", [](std::string& bytes) {
        float number = 0;
        std::memcpy(&number, bytes.data(), sizeof number);
        number += 1;
        std::memcpy(bytes.data(), &number, sizeof number);
    });
    const auto outcome = run_tiny({"verify", "--weights", folder / "a.taxon", "--json", folder / "a.json"});
    CHECK(outcome.code == 4);
    CHECK(contains(outcome.out, "golden 0: identical\ngolden 1: largest difference "));
    CHECK(contains(outcome.out, "allowed 1e-04: FAILED\n"));
    CHECK(contains(outcome.err, "a.taxon: [value]"));
    CHECK(Json::parse(text_of(folder / "a.json")).at("passed") == false);
    CHECK(run_tiny({"infer", "--input", "synthetic", "--weights", folder / "a.taxon"}).code == 0);
}

TEST_CASE("A8: golden numbers and weights that are not finite do not verify", "[cases]") {
    const TestFolder folder;
    const auto poison = [](std::string& bytes) {
        const float bad = std::numeric_limits<float>::quiet_NaN();
        for (std::size_t at = 0; at + sizeof bad <= bytes.size(); at += sizeof bad)
            std::memcpy(bytes.data() + at, &bad, sizeof bad);
    };
    for (const char* section : {"golden.0.output", "golden.1.input", "biases"}) {
        make(folder / "a.taxon");
        change_section(folder / "a.taxon", section, poison);
        const auto outcome = run_tiny({"verify", "--weights", folder / "a.taxon"});
        CHECK(outcome.code == 3);
        CHECK(contains(outcome.err, "section '" + std::string(section) + "', number 0: [value] found nan"));
    }
    make(folder / "a.taxon");
    change_section(folder / "a.taxon", "weights", poison);
    CHECK(run_tiny({"verify", "--weights", folder / "a.taxon"}).code == 4);
}

TEST_CASE("verify wants an offline file with golden pairs") {
    const TestFolder folder;
    CHECK(run_tiny({"verify"}).code == 2);
    CHECK(run_tiny({"verify", "--weights", "synthetic"}).code == 2);
    make(folder / "a.taxon");
    change_section(folder / "a.taxon", "golden.2.input", [](std::string& bytes) { bytes.pop_back(); });
    const auto outcome = run_tiny({"verify", "--weights", folder / "a.taxon"});
    CHECK(outcome.code == 3);
    CHECK(contains(outcome.err, "section 'golden.2.input': [shape]"));
}

TEST_CASE("a damaged offline file is refused with 3, wherever the damage is") {
    const TestFolder folder;
    make(folder / "a.taxon");
    const std::string whole = text_of(folder / "a.taxon");
    const auto code_of = [&](const std::string& verb, const std::string& bytes) {
        write_text(folder / "bad.taxon", bytes);
        std::vector<std::string> arguments{verb, "--weights", folder / "bad.taxon", "--quiet"};
        if (verb == "infer") arguments.insert(arguments.end(), {"--input", "synthetic"});
        return run_tiny(arguments).code;
    };
    REQUIRE(code_of("infer", whole) == 0);
    for (std::size_t at = 0; at < whole.size(); at += at < 1024 ? 13 : 641) {
        std::string flipped = whole;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
        INFO("byte " << at);
        CHECK(code_of("infer", flipped) == 3);
        CHECK(code_of("verify", flipped) == 3);
    }
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{40}, whole.size() / 2, whole.size() - 1}) {
        INFO("cut to " << size);
        CHECK(code_of("infer", whole.substr(0, size)) == 3);
    }
    CHECK(code_of("infer", whole + '\0') == 3);
    std::string newer = whole;
    newer[8] = 2;
    CHECK(code_of("verify", newer) == 3);
}

TEST_CASE("facts that make no sense are refused") {
    const TestFolder folder;
    const std::pair<const char*, const char*> changes[] = {{"\"family\"", "\"fawily\""},
                                                           {"tinies", "others"},
                                                           {"force_float32", "force_float3"},
                                                           {"Steps<", "Stops<"},
                                                           {"{", "["}};
    for (const auto& [from, to] : changes) {
        make(folder / "a.taxon");
        change_section(folder / "a.taxon", "facts", [&, from = from, to = to](std::string& text) {
            text.replace(text.find(from), std::string(from).size(), to);
        });
        const auto outcome = run_tiny({"infer", "--input", "synthetic", "--weights", folder / "a.taxon"});
        INFO(outcome.err);
        CHECK(outcome.code == 3);
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    }
}
