#include <taxon/preprocess/picture_name.hpp>

#include "catch.hpp"

using namespace taxon::preprocess;

TEST_CASE("pictures are known by their endings, in any case") {
    for (const char* name : {"a.jpg", "a.JPG", "a.Jpg", "folder/a.b.jpeg", "a.PnG", "a.bmp"}) {
        INFO(name);
        CHECK(is_picture_name(name));
    }
    for (const char* name : {"a", "jpg", ".jpg", "a.jpg.txt", "a.jpg~", "a.gif", "a.jp"}) {
        INFO(name);
        CHECK_FALSE(is_picture_name(name));
    }
    for (const char* name : {"._a.jpg", ".a.png", "folder/._b.bmp"}) CHECK_FALSE(is_picture_name(name));
    CHECK((is_hidden_name("a/.DS_Store") && is_hidden_name("__MACOSX") && !is_hidden_name(".a/b.jpg")));
    CHECK(is_picture_name("a.webp") == reads_webp);
    CHECK(lower_ending("Folder.X/A.Jpg") == ".jpg");
    for (const char* name : {"._a.jpg", ".a.png", "folder/._b.bmp"}) CHECK_FALSE(is_picture_name(name));
    CHECK((is_hidden_name("a/.DS_Store") && is_hidden_name("__MACOSX") && !is_hidden_name(".a/b.jpg")));
    CHECK(is_picture_name("a.webp") == reads_webp);
    CHECK(lower_ending("a").empty());
}
