#include <taxon/app/model/class_names.hpp>

#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

TEST_CASE("the names of classes in a program are as many as its classes, or an error") {
    static constexpr std::string_view labels[] = {"cat", "dog"};
    const ModelEntry entry{.variant = "pets", .output = {2}}, more{.variant = "pets", .output = {3}},
        other{.variant = "plants", .output = {3}};
    const Family family{.name = "animals", .entries = {}, .embedded_variant = "pets", .embedded_labels = labels};
    CHECK(class_names(family, entry, "").list() == std::vector<std::string>{"cat", "dog"});
    CHECK(class_names(family, other, "").empty());
    CHECK(class_names({.name = "animals", .entries = {}}, entry, "").empty());
    try {
        class_names(family, more, "");
        FAIL("three classes are taken for two");
    } catch (const Error& error) {
        CHECK(error.fault() == Fault::mismatch);
        CHECK(std::string(error.what())
                  .find("found 2, wanted 3, one for each class of variant pets; name them with "
                        "--labels") != std::string::npos);
    }
}
