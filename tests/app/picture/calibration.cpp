#include <taxon/app/picture/calibration.hpp>

#include "app/program.hpp"
#include "catch.hpp"

using namespace taxon;

TEST_CASE("calibration pictures are found in all folders, in bytewise order") {
    const TestFolder folder;
    for (const char* name : {"b.bmp", "a.bmp", "Z.PNG", "deep/er/c.jpg", ".hidden/d.bmp", "notes.txt", ".e.bmp"})
        write_text(folder.path() / "p" / name, "x");
    std::vector<std::string> names;
    for (const auto& file : app::detail::pictures_below(folder / "p"))
        names.push_back(file.lexically_relative(folder / "p").string());
    CHECK(names == std::vector<std::string>{"Z.PNG", "a.bmp", "b.bmp", "deep/er/c.jpg"});
}
