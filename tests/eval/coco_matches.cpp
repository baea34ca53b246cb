#include <taxon/eval/coco_matches.hpp>

#include <limits>

#include "allocations.hpp"
#include "catch.hpp"
#include "eval/coco_case.hpp"

using taxon::Fault;
using taxon::test::bytes_allocated_by;
using namespace taxon::eval;

TEST_CASE("matches count what is asked for in each range of areas") {
    const auto all = coco_case::read().matches({3, 2, 1, 0});
    CHECK(all.n() == 4);
    CHECK(all.images() == std::set<std::uint64_t>{3, 7, 12, 40});
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
    CHECK(matches.images() == std::set<std::uint64_t>{3, 7});
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
    CHECK(fault({0, {nan, 0, 1, 1}, 0.5}) == Fault::value);
    CHECK(fault({0, {0, 0, nan, 1}, 0.5}) == Fault::value);
    CHECK(fault({0, {0, 0, 1, nan}, 0.5}) == Fault::value);
    CHECK(fault({0, {0, 0, -1, 1}, 0.5}) == Fault::value);
    CHECK(fault({0, {0, 0, 1, -1}, 0.5}) == Fault::value);
    CHECK(matches.images().empty());
}

TEST_CASE("matches taken from elsewhere must be of the images that are listed, each once") {
    const auto all = coco_case::read().matches({0, 1, 2, 3});
    CHECK(error_of([&] { CocoMatches({3, 12, 40}, all.categories()); }).fault() == Fault::mismatch);
    CHECK(error_of([&] { CocoMatches({3, 7, 12, 40, 7}, all.categories()); }).fault() == Fault::duplicate);
    CHECK(CocoMatches({40, 12, 7, 3}, all.categories()).images() == all.images());
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto fault_of_scores = [&](const std::vector<double>& scores) {
        auto categories = all.categories();
        auto& matches = categories[0].images[0].matches;
        const CocoMatch one = matches.front();
        matches.clear();
        for (const double score : scores) matches.push_back(one), matches.back().score = score;
        return error_of([&] { CocoMatches({3, 7, 12, 40}, categories); }).fault();
    };
    CHECK(fault_of_scores({}) == Fault::value);
    CHECK(fault_of_scores({0.5, 0.75}) == Fault::value);  // rising
    CHECK(fault_of_scores({infinity, 0.5}) == Fault::value);
    CHECK(fault_of_scores({0.5, -infinity}) == Fault::value);
    CHECK(fault_of_scores(std::vector<double>(101, 0.5)) == Fault::value);
}

TEST_CASE("A17: an image of many objects is matched with memory linear in them") {
    const auto memory = [](std::size_t count) {
        const std::vector<CocoObject> objects(count, {.box = {0, 0, 10, 10}, .area = 100});
        const std::vector<CocoDetection> detections(200, {0, {0, 0, 10, 9}, 0.5});
        return bytes_allocated_by([&] { CHECK(match_coco(objects, detections).size() == 100); });
    };
    CHECK(memory(8'000) <= 5 * memory(2'000));
    CHECK(memory(8'000) < 8'000 * 64 + 100'000);
}

TEST_CASE("A17: images of many categories cost what is in them") {
    const auto work = [](int images, int categories) {
        std::string text = R"({"annotations": [{"image_id": 0, "category_id": 0, "area": 1, "bbox": [0, 0, 1, 1]}])";
        for (const auto& [list, count, field] :
             {std::tuple{"images", images, "file_name"}, {"categories", categories, "name"}}) {
            text += std::string(",\"") + list + "\": [";
            for (int i = 0; i < count; ++i)
                text += std::string(i ? "," : "") + "{\"id\":" + std::to_string(i) + ",\"" + field + "\":\"x\"}";
            text += "]";
        }
        const ScratchFolder folder("coco_many");
        const auto annotations = CocoAnnotations::read(folder.write("a.json", text + "}"));
        return bytes_allocated_by([&] {
            CocoMatches matches(annotations);
            for (std::size_t i = 0; i < annotations.images().size(); ++i) matches.add(annotations, i, {});
            CocoMatches other(annotations);
            other.merge(matches);
        });
    };
    CHECK(work(2'000, 2'000) <= 5 * work(500, 500));
}
