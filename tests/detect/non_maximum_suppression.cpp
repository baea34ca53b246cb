#include <taxon/detect/non_maximum_suppression.hpp>

#include <algorithm>
#include <limits>
#include <random>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using picture_bytes::fault_of;
using taxon::Fault;
using namespace taxon::detect;

namespace {

constexpr Profile at(double overlap, int most = 300) {
    return {.name = "test", .confidence = 0, .overlap = overlap, .every_class = true, .most = most};
}

const std::vector<Candidate> crowd{{{18.5, 44, 84.5, 82}, 0.066f, 0},      {{22, 37, 85, 64}, 0.192f, 1},
                                   {{22, 41.5, 88, 65.5}, 0.232f, 0},      {{19, 29, 86, 73}, 0.064f, 0},
                                   {{16.5, 29.5, 70.5, 64.5}, 0.595f, 1},  {{20.5, 41.5, 89.5, 79.5}, 0.445f, 0},
                                   {{52, 30.5, 76, 52.5}, 0.965f, 1},      {{57.5, 28, 91.5, 54}, 0.574f, 1},
                                   {{55, 25.5, 94, 39.5}, 0.856f, 0},      {{58, 18, 98, 52}, 0.211f, 1},
                                   {{57, 18.5, 77, 47.5}, 0.854f, 1},      {{50.5, 26, 70.5, 53}, 0.897f, 0},
                                   {{11, 20, 61, 61}, 0.586f, 1},          {{26, 26.5, 65, 54.5}, 0.007f, 0},
                                   {{11, 25, 62, 53}, 0.61f, 0},           {{11, 29.5, 59, 59.5}, 0.959f, 1},
                                   {{22, 33.5, 76, 64.5}, 0.644f, 0},      {{26, 27.5, 77, 66.5}, 0.72f, 0},
                                   {{60.5, 21.5, 99.5, 62.5}, 0.987f, 1},  {{51.5, 23, 109.5, 69}, 0.632f, 0},
                                   {{61.5, 25.5, 111.5, 74.5}, 0.917f, 1}, {{66.5, 11.5, 123.5, 40.5}, 0.955f, 0},
                                   {{62.5, 19, 121.5, 61}, 0.299f, 1},     {{56.5, 22.5, 100.5, 60.5}, 0.758f, 1}};

std::vector<Candidate> chosen(const std::vector<std::size_t>& indices) {
    std::vector<Candidate> some;
    for (const auto index : indices) some.push_back(crowd[index]);
    return some;
}

std::vector<Candidate> random_candidates(std::mt19937& random, int count) {
    const auto up_to = [&](int most) { return static_cast<float>(random() % static_cast<unsigned>(most)); };
    std::vector<Candidate> made;
    for (int i = 0; i < count; ++i) {
        const float left = up_to(60), top = up_to(60);
        made.push_back(
            {{left, top, left + 1 + up_to(40), top + 1 + up_to(40)}, up_to(50) / 64, static_cast<int>(random() % 3)});
    }
    return made;
}

}  // namespace

// torchvision.ops.nms(boxes + 7680 * classes, scores, overlap) kept these.
TEST_CASE("the best boxes of a crowd") {
    CHECK(non_maximum_suppression(crowd, at(0.45)) == chosen({18, 6, 15, 21, 11, 8, 10, 17, 19, 14, 5, 1}));
    CHECK(non_maximum_suppression(crowd, at(0.7)) ==
          chosen({18, 6, 15, 21, 20, 11, 8, 10, 17, 19, 14, 4, 7, 5, 22, 2, 9, 1, 3, 13}));
    CHECK(non_maximum_suppression(crowd, at(0.45, 4)) == chosen({18, 6, 15, 21}));
}

TEST_CASE("nothing, one, and boxes of other classes in the same place") {
    CHECK(non_maximum_suppression({}, demo).empty());
    const Box box{1, 2, 3, 4};
    CHECK(non_maximum_suppression({{box, 0.5f, 79}}, demo) == std::vector<Candidate>{{box, 0.5f, 79}});
    CHECK(non_maximum_suppression({{box, 0.5f, 0}, {box, 0.75f, 1}, {box, 0.25f, 0}}, demo) ==
          std::vector<Candidate>{{box, 0.75f, 1}, {box, 0.5f, 0}});
}

TEST_CASE("an overlap of exactly the limit is kept") {
    const std::vector<Candidate> two{{{0, 0, 10, 10}, 0.9f, 0}, {{0, 0, 10, 5}, 0.8f, 0}};
    CHECK(non_maximum_suppression(two, at(0.5)).size() == 2);
    CHECK(non_maximum_suppression(two, at(0.499)).size() == 1);
}

TEST_CASE("what is kept does not depend on the order of the candidates, and no better box of its class overlaps it") {
    std::mt19937 random(11);
    for (int round = 0; round < 200; ++round) {
        auto candidates = random_candidates(random, 1 + static_cast<int>(random() % 60));
        const auto kept = non_maximum_suppression(candidates, at(0.5));
        std::shuffle(candidates.begin(), candidates.end(), random);
        REQUIRE(non_maximum_suppression(candidates, at(0.5)) == kept);
        for (std::size_t i = 0; i < kept.size(); ++i)
            for (std::size_t j = 0; j < i; ++j) {
                REQUIRE(kept[j].score >= kept[i].score);
                REQUIRE((kept[j].label != kept[i].label || overlap(kept[j].box, kept[i].box) <= 0.5f));
            }
        for (const Candidate& one : candidates)  // what went had a reason
            REQUIRE((std::find(kept.begin(), kept.end(), one) != kept.end() ||
                     std::any_of(kept.begin(), kept.end(), [&](const Candidate& better) {
                         return better.label == one.label && better.score >= one.score &&
                                overlap(better.box, one.box) > 0.5f;
                     })));
    }
}

TEST_CASE("of very many candidates the best are looked at") {
    std::vector<Candidate> many;
    for (int i = 0; i < 40'000; ++i) {
        const float left = static_cast<float>(i % 200) * 10, top = static_cast<float>(i / 200) * 10;
        many.push_back({{left, top, left + 9, top + 9}, static_cast<float>(i % 20'011) / 20'011, i % 80});
    }
    const auto kept = non_maximum_suppression(many, at(0.5));
    CHECK(kept.size() == 300);
    CHECK(kept.front().score == 20'010.0f / 20'011);
    CHECK(kept.back().score > 0.99f);
    CHECK(non_maximum_suppression(many, at(0.5, 40'000)).size() == 30'000);
}

TEST_CASE("numbers that are not finite are refused") {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
    const auto fault = [](const Candidate& one) {
        return fault_of([&] { non_maximum_suppression({{{0, 0, 1, 1}, 0.5f, 0}, one}, demo); });
    };
    CHECK(fault({{0, 0, 1, 1}, nan, 0}) == Fault::value);
    CHECK(fault({{0, 0, infinity, 1}, 0.5f, 0}) == Fault::value);
    CHECK(fault({{nan, 0, 1, 1}, 0.5f, 0}) == Fault::value);
    CHECK(fault({{0, 0, 1, 1}, 0.5f, -1}) == Fault::value);
}
