#include <taxon/app/console/output_file.hpp>

#include "app/program.hpp"
#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

TEST_CASE("a file is replaced, and a link keeps pointing") {
    const TestFolder folder;
    write_text(folder.path() / "a.txt", "old");
    std::filesystem::create_symlink(folder / "a.txt", folder / "link.txt");
    write_file(folder / "link.txt", std::string("new\0bytes", 9));
    CHECK(text_of(folder / "a.txt") == std::string("new\0bytes", 9));
    CHECK(std::filesystem::is_symlink(folder / "link.txt"));
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("devices are written straight, and failures are told") {
    write_file("/dev/null", "text");
    CHECK(std::filesystem::is_character_file("/dev/null"));
    CHECK_THROWS_AS(write_file("/dev/full", "text"), Error);
    const TestFolder folder;
    CHECK_THROWS_AS(write_file(folder / "none/a.txt", "text"), Error);
}

TEST_CASE("no output replaces another one or an input") {
    const TestFolder folder;
    write_text(folder.path() / "a", "text");
    std::filesystem::create_hard_link(folder / "a", folder / "link");
    const auto refusal = [](const std::vector<NamedFile>& outputs,
                            const std::vector<NamedFile>& inputs) -> std::string {
        try {
            require_outputs(outputs, inputs);
        } catch (const Error& error) {
            CHECK(error.fault() == Fault::usage);
            return error.what();
        }
        return "";
    };
    CHECK(refusal({{"--json", folder / "b"}, {"--output", folder / "c"}}, {{"--weights", folder / "a"}}).empty());
    CHECK(refusal({{"--json", ""}, {"--output", ""}}, {{"--weights", ""}}).empty());
    CHECK(refusal({{"--json", "/dev/null"}, {"--output", "/dev/null"}}, {}).empty());
    CHECK(refusal({{"--json", folder / "a"}}, {{"--weights", folder / "a"}}) ==
          "--json: [usage] found '" + folder / "a" + "', which --weights names as well, wanted another file");
    CHECK_FALSE(refusal({{"--json", folder / "link"}}, {{"--weights", folder / "a"}}).empty());
    CHECK_FALSE(
        refusal({{"--json", folder / "b"}, {"--output", folder / "../" + folder.path().filename().string() + "/b"}}, {})
            .empty());
    CHECK_FALSE(refusal({{"--json", folder / "none/b"}}, {}).empty());
}

TEST_CASE("pictures of a folder are no outputs, however their endings are spelt") {
    const TestFolder folder;
    for (const char* name : {"a.jpg", "b.JPG", "c.Jpg", "config.json", "other.txt"}) write_text(folder / name, "text");
    const auto refused = [&](const char* name) {
        try {
            require_outputs({{"--json", folder / name}}, {{"an input", folder.path()}});
        } catch (const Error& error) { return error.fault() == Fault::usage; }
        return false;
    };
    for (const char* name : {"a.jpg", "b.JPG", "c.Jpg", "config.json"}) {
        INFO(name);
        CHECK(refused(name));
    }
    CHECK_FALSE(refused("other.txt"));
    CHECK_FALSE(refused("d.jpg"));
}

TEST_CASE("an output that cannot be written is refused beforehand") {
    const TestFolder folder;
    require_writable("--json", "");
    require_writable("--json", "in_this_folder.json");
    require_writable("--json", folder / "a.json");
    for (const auto& path : {folder / "none/a.json", folder.path().string()}) {
        try {
            require_writable("--json", path);
            FAIL("accepted " << path);
        } catch (const Error& error) {
            CHECK(error.fault() == Fault::usage);
            CHECK(contains(error.what(), "--json"));
        }
    }
}
