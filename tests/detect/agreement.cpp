#include <taxon/detect/agreement.hpp>

#include "catch.hpp"

using namespace taxon::detect;

TEST_CASE("boxes agree that overlap by half and are of one class, each once") {
    const std::vector<Detection> boxes{{{0, 0, 10, 10}, .9f, 0}, {{0, 0, 10, 9}, .8f, 0}, {{50, 50, 60, 60}, .7f, 1}};
    const auto with = [&](const std::vector<Detection>& others) {
        Agreement agreement;
        add(agreement, boxes, others);
        return agreement;
    };
    CHECK(with(boxes).pairs == 3);
    CHECK(with(boxes).different() == 0);
    CHECK(with({}).different() == 1);
    CHECK(with({{{0, 0, 10, 10}, .5f, 0}}).pairs == 1);    // of two that would do
    CHECK(with({{{50, 50, 60, 60}, .5f, 2}}).pairs == 0);  // another class
    CHECK(with({{{50, 50, 60, 55}, .5f, 1}}).pairs == 1);  // exactly half
    CHECK(with({{{50, 50, 60, 54}, .5f, 1}}).pairs == 0);
    CHECK(with({{{50, 50, 60, 60}, .5f, 1}}).different() == Approx(2. / 4));
    Agreement none;
    add(none, {}, {});
    CHECK(none.different() == 0);
}
