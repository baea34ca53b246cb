#include <taxon/detect/result_text.hpp>

#include <limits>
#include <vector>

#include "catch.hpp"

using namespace taxon::detect;

TEST_CASE("R12: a line for each detection, with one tab between label, score and four numbers", "[cases]") {
    const std::vector<Detection> seen{{{219.25f, 407.8125f, 349.5f, 862}, 0.8125f, 0},
                                      {{0, 1.5f, 0.125f, 1280}, 0.001f, 58}};
    CHECK(result_text(seen, [](int label) { return std::string(label == 0 ? "person" : "potted plant"); }) ==
          "person\t0.812500\t219.25\t407.81\t349.50\t862.00\npotted plant\t0.001000\t0.00\t1.50\t0.12\t1280.00\n");
    CHECK(result_text(std::span(seen).first(1), [](int) { return std::string("a\tb"); }).starts_with("a b\t0.8"));
    CHECK(result_text({}, [](int) { return std::string(); }).empty());
}

TEST_CASE("the largest float has room") {
    constexpr float most = std::numeric_limits<float>::max();
    CHECK(result_text(std::vector<Detection>{{{-most, 0, 0, 0}, 1, 0}}, [](int) { return std::string("x"); }) ==
          "x\t1.000000\t-340282346638528859811704183484516925440.00\t0.00\t0.00\t0.00\n");
}
