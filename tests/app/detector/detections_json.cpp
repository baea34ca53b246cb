#include <taxon/app/detector/detections_json.hpp>

#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

TEST_CASE("a picture's detections as JSON, numbers spelt as short as they are") {
    const std::vector<detect::Detection> seen{{{0.1f, 407.5f, 349, 862.7f}, 0.8231f, 1}, {{0, 0, 1, 1}, 0.5f, 2}};
    CHECK(json_of("bus.jpg", 1080, 810, seen, ClassNames({"person", "bicycle"})).dump() ==
          R"({"file":"bus.jpg","width":810,"height":1080,"detections":[)"
          R"({"label":"bicycle","class":1,"score":0.8231,"box":[0.1,407.5,349.0,862.7]},)"
          R"({"label":"2","class":2,"score":0.5,"box":[0.0,0.0,1.0,1.0]}]})");
}

TEST_CASE("a picture in which nothing was detected has an empty list") {
    CHECK(json_of("x.png", 1, 2, {}, ClassNames()).dump() ==
          R"({"file":"x.png","width":2,"height":1,"detections":[]})");
}
