#include <taxon/detect/detections.hpp>

#include <limits>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using picture_bytes::fault_of;
using taxon::Fault;
using namespace taxon::detect;

namespace {

const auto fit = taxon::preprocess::letterbox_fit(480, 640, 640, 640);  // 80 rows of grey above

}  // namespace

TEST_CASE(
    "rows become boxes in the picture: of one thing seen twice the better, a second class where every class counts") {
    const std::vector<float> rows{100, 180, 40, 20, 1, 0.875f, 0.125f,  //
                                  101, 180, 40, 20, 1, 0.75f,  0.0f,    // as good as the same box
                                  300, 90,  40, 40, 1, 0.0f,   0.5f,    // reaches into the grey
                                  500, 500, 40, 40, 0, 1.0f,   1.0f};
    const std::vector<Detection> seen{{{80, 90, 120, 110}, 0.875f, 0}, {{280, 0, 320, 30}, 0.5f, 1}};
    CHECK(detections(rows, 7, demo, fit) == seen);
    auto all = seen;
    all.push_back({{80, 90, 120, 110}, 0.125f, 1});
    CHECK(detections(rows, 7, evaluation, fit) == all);
}

TEST_CASE("no rows are no detections") { CHECK(detections(std::span<const float>(), 85, demo, fit).empty()); }

TEST_CASE("rows that are not whole and numbers that are none are refused") {
    const std::vector<float> row{100, 100, 40, 20, 1, 0.875f};
    CHECK(detections(row, 6, demo, fit).size() == 1);
    CHECK(fault_of([&] { detections(row, 5, demo, fit); }) == Fault::shape);
    CHECK(fault_of([&] { detections(row, 4, demo, fit); }) == Fault::shape);
    CHECK(fault_of([&] { detections(row, 0, demo, fit); }) == Fault::shape);
    for (std::size_t i = 0; i < row.size(); ++i) {
        auto broken = row;
        broken[i] = std::numeric_limits<float>::quiet_NaN();
        INFO(i);
        CHECK(fault_of([&] { detections(broken, 6, demo, fit); }) == Fault::value);
        CHECK(fault_of([&] { detections(broken, 6, evaluation, fit); }) == Fault::value);
    }
}

TEST_CASE("a table of logits has the detections of its decoded rows") {
    std::vector<float> table{100, 180, 40, 20, 5,  2,  -3,  //
                             300, 90,  40, 40, 3,  -9, 0,   //
                             500, 500, 40, 40, -8, 4,  4};
    for (const Profile& profile : {demo, evaluation}) {
        const auto of_table = detections_of_table(table, 7, profile, fit);
        auto decoded = table;
        decode_scores(decoded, 7);
        CHECK(of_table == detections(decoded, 7, profile, fit));
        CHECK(of_table.size() == (profile.every_class ? 3 : 2));
    }
    table[4] = std::numeric_limits<float>::quiet_NaN();
    CHECK(fault_of([&] { detections_of_table(table, 7, demo, fit); }) == Fault::value);
}
