#include <taxon/eval/coco_matching.hpp>

#include "catch.hpp"

using namespace taxon::eval;

namespace {

constexpr std::uint16_t every = 0x3ff;

CocoObject thing(CocoBox box, bool crowd = false) { return {.box = box, .area = box.area(), .crowd = crowd}; }

std::vector<CocoMatch> match(const std::vector<CocoObject>& objects, const std::vector<CocoDetection>& detections) {
    return match_coco(objects, detections);
}

}  // namespace

TEST_CASE("the overlaps are numpy's") {
    CHECK(coco_overlaps[0] == 0.5);
    CHECK(coco_overlaps[1] == 0.55);
    CHECK(coco_overlaps[5] == 0.75);
    CHECK(coco_overlaps[7] == 0.85);
    CHECK(coco_overlaps[8] == 0.8999999999999999);  // not 0.9
    CHECK(coco_overlaps[9] == 0.95);
}

TEST_CASE("overlap with an object is of the union, with a crowd of the detection") {
    CHECK(coco_overlap({0, 0, 10, 10}, thing({5, 0, 10, 10})) == 50.0 / 150);
    CHECK(coco_overlap({0, 0, 10, 10}, thing({5, 0, 100, 10}, true)) == 0.5);
    CHECK(coco_overlap({0, 0, 10, 10}, thing({10, 0, 10, 10})) == 0);
}

TEST_CASE("a detection is right up to the overlap that it has") {
    // 0.72: right at 0.5, 0.55, 0.6, 0.65 and 0.7
    const auto matches = match({thing({0, 0, 100, 100})}, {{0, {0, 0, 100, 72}, 0.5}});
    REQUIRE(matches.size() == 1);
    CHECK(matches[0].score == 0.5);
    CHECK(matches[0].outcome.right == std::array<std::uint16_t, 4>{0x1f, 0, 0, 0x1f});
    // 7,200 pixels are medium, the object is large
    CHECK(matches[0].outcome.wrong == std::array<std::uint16_t, 4>{every & ~0x1f, 0, every & ~0x1f, 0});
}

TEST_CASE("the better detection takes the object, the other is wrong") {
    const auto matches = match({thing({0, 0, 10, 10})}, {{0, {0, 0, 10, 10}, 0.25}, {0, {0, 0, 10, 10}, 0.75}});
    REQUIRE(matches.size() == 2);
    CHECK(matches[0].score == 0.75);
    CHECK(matches[0].outcome == CocoOutcome{{every, every, 0, 0}, {}});
    CHECK(matches[1].outcome == CocoOutcome{{}, {every, every, 0, 0}});
}

TEST_CASE("a crowd makes any number of detections neither right nor wrong, but a thing goes before it") {
    const std::vector<CocoObject> objects{thing({0, 0, 20, 20}, true), thing({5, 5, 10, 10})};
    const auto matches =
        match(objects,
              {{0, {5, 5, 10, 10}, 0.9}, {0, {1, 1, 4, 4}, 0.8}, {0, {10, 10, 4, 4}, 0.7}, {0, {30, 30, 4, 4}, 0.6}});
    REQUIRE(matches.size() == 4);
    CHECK(matches[0].outcome.right[0] == every);
    CHECK(matches[1].outcome == CocoOutcome{});
    CHECK(matches[2].outcome == CocoOutcome{});
    CHECK(matches[3].outcome.wrong[0] == every);
}

TEST_CASE("of equal overlaps the last object is taken") {
    const std::vector<CocoObject> objects{thing({0, 0, 10, 10}), thing({4, 0, 10, 10})};
    // The first detection overlaps both by 80 of 120 and takes the second object, which the second one would have
    // needed.
    const auto matches = match(objects, {{0, {2, 0, 10, 10}, 0.9}, {0, {4, 0, 10, 10}, 0.8}});
    CHECK(matches[0].outcome.right[0] == 0x0f);
    CHECK(matches[1].outcome.right[0] == (every & ~0x0f));
}

TEST_CASE("no more than a hundred detections are looked at, equal scores in their order") {
    std::vector<CocoDetection> many(120, {0, {0, 0, 5, 5}, 0.5});
    many[110].box = {0, 0, 10, 10};
    CHECK(match({thing({0, 0, 10, 10})}, many).size() == 100);
    CHECK(match({thing({0, 0, 10, 10})}, many)[99].outcome.wrong[0] == every);
    many[110].score = 0.6;
    CHECK(match({thing({0, 0, 10, 10})}, many)[0].outcome.right[0] == every);
}
