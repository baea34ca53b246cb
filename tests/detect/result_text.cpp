#include <taxon/detect/result_text.hpp>

#include <limits>
#include <vector>

#include "catch.hpp"

using namespace taxon::detect;

TEST_CASE("a line for each detection") {
    const std::vector<Detection> seen{{{219.25f, 407.8125f, 349.5f, 862}, 0.8125f, 0},
                                      {{0, 1.5f, 0.125f, 1280}, 0.001f, 58}};
    CHECK(result_text(seen, [](int label) { return std::string(label == 0 ? "person" : "potted plant"); }) ==
          "person 0.812500 219.25 407.81 349.50 862.00\npotted plant 0.001000 0.00 1.50 0.12 1280.00\n");
    CHECK(result_text({}, [](int) { return std::string(); }).empty());
}

TEST_CASE("the largest float has room") {
    constexpr float most = std::numeric_limits<float>::max();
    CHECK(result_text(std::vector<Detection>{{{-most, 0, 0, 0}, 1, 0}}, [](int) { return std::string("x"); }) ==
          "x 1.000000 -340282346638528859811704183484516925440.00 0.00 0.00 0.00\n");
}
