#include <taxon/app/detector/coco_matches_json.hpp>

#include "catch.hpp"
#include "eval/coco_case.hpp"
#include <taxon/eval/coco.hpp>

using namespace taxon;
using namespace taxon::app;

namespace {

Json of_images(const std::vector<std::size_t>& images) { return json_of(coco_case::read().matches(images)); }

/// After a way through a file's text.
eval::CocoMatches again(const Json& json) { return read_coco_matches(Json::parse(json.dump(2)), "part.json"); }

}  // namespace

TEST_CASE("matches come back from JSON as they were") {
    auto json = of_images({0, 1, 2, 3});
    CHECK(json["images"] == "3 7 12 40");
    CHECK(json["categories"][0]["name"] == "cat");
    CHECK(json["categories"][0]["objects"] == Json{3, 1, 1, 1});
    CHECK(json["categories"][2]["detections"] == "40 0.99 9");
    CHECK(json["outcomes"][9] == "0003ff0000000003ff000000");  // wrong among all and among the medium ones
    CHECK(json_of(again(json)) == json);
    auto third = coco_case::read();
    third.detections[0][0].score = 1.0 / 3;
    CHECK(again(json_of(third.matches({0}))).categories()[0].images[0].matches[2].score == 1.0 / 3);
}

TEST_CASE("figures of shards that were joined from JSON are those of all images") {
    const auto whole = eval::coco_figures(coco_case::read().matches({0, 1, 2, 3}));
    auto joined = again(of_images({1, 3}));
    joined.merge(again(of_images({})));
    joined.merge(again(of_images({2, 0})));
    CHECK(eval::coco_figures(joined).values == whole.values);
}

TEST_CASE("JSON that was not written so is refused") {
    struct Row {
        std::string pointer;
        Json value;
        Fault fault;
    };
    for (const Row& row : std::vector<Row>{{"/images", 7, Fault::type},
                                           {"/images", "3 x", Fault::value},
                                           {"/images", "3 7 12", Fault::mismatch},
                                           {"/images", "3 7 12 40 40", Fault::duplicate},
                                           {"/outcomes", "x", Fault::value},
                                           {"/outcomes/0", "3ff", Fault::value},
                                           {"/outcomes/0", "400000000000000000000000", Fault::value},
                                           {"/outcomes/0", "001001000000000000000000", Fault::value},
                                           {"/outcomes/0", "00x000000000000000000000", Fault::value},
                                           {"/categories", nullptr, Fault::value},
                                           {"/categories/1", 5, Fault::value},
                                           {"/categories/1/id", "5", Fault::type},
                                           {"/categories/1/objects", Json{1, 2, 3}, Fault::value},
                                           {"/categories/1/objects/2", -1, Fault::value},
                                           {"/categories/1/detections", "3", Fault::value},
                                           {"/categories/1/detections", "3 0.5", Fault::value},
                                           {"/categories/1/detections", "3 0.5 99", Fault::value},
                                           {"/categories/1/detections", "3 nan 0", Fault::value},
                                           {"/categories/1/detections", "3 0.5 0;3 0.4 0", Fault::duplicate},
                                           {"/categories/1/detections", "3 0.4 0 0.5 0", Fault::value},
                                           {"/categories/1/detections", "3 0.5 0,7 0.5 0", Fault::value}}) {
        auto json = of_images({0, 1, 2, 3});
        json[Json::json_pointer(row.pointer)] = row.value;
        const auto error = error_of([&] { again(json); });
        INFO(row.pointer << ' ' << row.value.dump() << ' ' << error.what());
        CHECK(error.fault() == row.fault);
        CHECK(error.facts().file == "part.json");
    }
    CHECK(error_of([] { again("x"); }).fault() == Fault::value);
    CHECK(error_of([] { again(Json::object()); }).fault() == Fault::type);
}
