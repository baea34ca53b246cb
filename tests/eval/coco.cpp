#include <taxon/eval/coco.hpp>

#include <map>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "eval/coco_case.hpp"
#include "shared_data.hpp"

using namespace taxon::eval;

namespace {

// Sums of some thousand fractions, in another order than pycocotools' own.
constexpr double rounding = 1e-12;

void check(double found, double wanted) { CHECK(found == Approx(wanted).margin(rounding).epsilon(0)); }

}  // namespace

// pycocotools 2.0.11 gave these figures.
TEST_CASE("COCO's figures of a small data set") {
    const auto figures = coco_figures(coco_case::read().matches({0, 1, 2, 3}));
    constexpr double wanted[] = {
        0.5895214521452146,  0.78003300330033,   0.679042904290429,  0.625, 0.85, 0.5999999999999999,
        0.39999999999999997, 0.7666666666666666, 0.7666666666666666, 0.85,  0.9,  0.6};
    for (std::size_t i = 0; i < CocoFigures::names.size(); ++i) {
        INFO(CocoFigures::names[i]);
        check(figures.values[i], wanted[i]);
    }
    REQUIRE(figures.categories.size() == 3);
    check(figures.categories[0].AP, 0.48795379537953787);
    check(figures.categories[0].AP50, 0.6442244224422441);
    check(figures.categories[1].AP, 0.691089108910891);
    check(figures.categories[1].AP50, 0.9158415841584159);
    CHECK(figures.categories[2].AP == -1);
    CHECK(figures.categories[2].AP50 == -1);
}

TEST_CASE("what nothing is asked for has the figure -1, what is overlooked 0") {
    const auto small = coco_case::read();
    for (const double value : coco_figures(CocoMatches(small.annotations)).values) CHECK(value == -1);
    for (const double value : coco_figures(small.matches({3})).values) CHECK(value == -1);
    CocoMatches blind(small.annotations);
    for (std::size_t image = 0; image < 4; ++image) blind.add(small.annotations, image, {});
    for (const double value : coco_figures(blind).values) CHECK(value == 0);
}

TEST_CASE("figures do not depend on the order of images, nor on how they were shared out") {
    const auto small = coco_case::read();
    const auto wanted = coco_figures(small.matches({0, 1, 2, 3}));
    CHECK(coco_figures(small.matches({3, 1, 0, 2})).values == wanted.values);
    CHECK(coco_figures(small.matches({2}).merge(small.matches({3, 0})).merge(small.matches({1}))).values ==
          wanted.values);
}

TEST_CASE("COCO's figures of the golden detections") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto annotations = CocoAnnotations::read(*shared / "data" / "coco" / "instances.json");
    const auto detections =
        read_coco_detections(*shared / "golden" / "yolov5n" / "coco64_detections.json", annotations).of_images;
    CocoMatches matches(annotations);
    for (std::size_t i = 0; i < annotations.images().size(); ++i) matches.add(annotations, i, detections[i]);
    const auto figures = coco_figures(matches);
    std::ifstream file(*shared / "golden" / "yolov5n" / "coco64_coco.json");
    const auto golden = nlohmann::json::parse(file);
    REQUIRE(golden.size() == figures.values.size());
    for (std::size_t i = 0; i < figures.values.size(); ++i) {
        INFO(CocoFigures::names[i]);
        check(figures.values[i], golden.at(std::string(CocoFigures::names[i])).get<double>());
    }
}
