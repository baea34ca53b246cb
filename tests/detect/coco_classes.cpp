#include <taxon/detect/coco_classes.hpp>

#include <set>

#include "catch.hpp"
#include "shared_data.hpp"
#include <taxon/eval/coco_annotations.hpp>

using namespace taxon::detect;

TEST_CASE("COCO's classes are eighty different ones") {
    CHECK(std::set(coco_classes.begin(), coco_classes.end()).size() == 80);
    CHECK(coco_classes[0] == "person");
    CHECK(coco_classes[79] == "toothbrush");
}

TEST_CASE("a detector of eighty classes is taken for one of COCO's") {
    CHECK(coco_labels(80) == std::vector<std::string>(coco_classes.begin(), coco_classes.end()));
    CHECK(coco_labels(79).empty());
}

TEST_CASE("COCO's classes are the categories of its annotations by rising id") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto annotations = taxon::eval::CocoAnnotations::read(*shared / "data" / "coco" / "instances.json");
    REQUIRE(annotations.categories().size() == coco_classes.size());
    for (std::size_t i = 0; i < coco_classes.size(); ++i) CHECK(annotations.categories()[i].name == coco_classes[i]);
}
