#include <taxon/eval/coco_matches.hpp>

#include <limits>

#include "catch.hpp"
#include "eval/coco_case.hpp"

using taxon::Fault;
using namespace taxon::eval;

TEST_CASE("matches count what is asked for in each range of areas") {
    const auto all = coco_case::read().matches({3, 2, 1, 0});
    CHECK(all.n() == 4);
    CHECK(all.images() == std::vector<std::uint64_t>{3, 7, 12, 40});
    REQUIRE(all.categories().size() == 3);
    CHECK(all.categories()[0].category.name == "cat");
    CHECK(all.categories()[0].objects == std::array<std::uint64_t, 4>{3, 1, 1, 1});  // the crowd is not asked for
    CHECK(all.categories()[1].objects == std::array<std::uint64_t, 4>{3, 2, 0, 1});
    CHECK(all.categories()[2].objects == std::array<std::uint64_t, 4>{0, 0, 0, 0});
    REQUIRE(all.categories()[0].images.size() == 2);
    CHECK(all.categories()[0].images[0].image == 7);
    CHECK(all.categories()[0].images[0].matches.size() == 4);
    CHECK(all.categories()[0].images[0].matches[0].score == 0.97);
}

TEST_CASE("an image that is in already is refused, and leaves all as it was") {
    const auto small = coco_case::read();
    auto matches = small.matches({0, 1});
    CHECK(error_of([&] { matches.add(small.annotations, 1, small.detections[1]); }).fault() == Fault::duplicate);
    CHECK(error_of([&] { matches.merge(small.matches({2, 1})); }).fault() == Fault::duplicate);
    CHECK(matches.images() == std::vector<std::uint64_t>{3, 7});
    CHECK(matches.categories()[0].images.size() == 2);
    CHECK(matches.categories()[1].images.size() == 1);
}

TEST_CASE("matches of other categories are not joined") {
    const auto small = coco_case::read();
    auto matches = small.matches({0});
    CHECK(error_of([&] { matches.merge(CocoMatches()); }).fault() == Fault::mismatch);
    auto categories = small.matches({1}).categories();
    categories[1].category.name = "wolf";
    CHECK(error_of([&] { matches.merge(CocoMatches({7}, categories)); }).fault() == Fault::mismatch);
}

TEST_CASE("detections without sense are refused") {
    const auto small = coco_case::read();
    CocoMatches matches(small.annotations);
    const auto fault = [&](const CocoDetection& one) {
        return error_of([&] { matches.add(small.annotations, 0, std::vector{one}); }).fault();
    };
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(fault({3, {0, 0, 1, 1}, 0.5}) == Fault::bounds);
    CHECK(fault({0, {0, nan, 1, 1}, 0.5}) == Fault::value);
    CHECK(fault({0, {0, 0, 1, 1}, nan}) == Fault::value);
    CHECK(fault({0, {0, 0, -1, 1}, 0.5}) == Fault::value);
    CHECK(matches.images().empty());
}

TEST_CASE("matches taken from elsewhere must be of the images that are listed, each once") {
    const auto all = coco_case::read().matches({0, 1, 2, 3});
    CHECK(error_of([&] { CocoMatches({3, 12, 40}, all.categories()); }).fault() == Fault::mismatch);
    CHECK(error_of([&] { CocoMatches({3, 7, 12, 40, 7}, all.categories()); }).fault() == Fault::duplicate);
    CHECK(CocoMatches({40, 12, 7, 3}, all.categories()).images() == all.images());
}
