#include <taxon/quantize/deviation.hpp>

#include <vector>

#include "catch.hpp"

using taxon::quantize::Deviation;

TEST_CASE("a deviation is signal to noise, and how many best classes change") {
    Deviation deviation;
    deviation.add(std::vector<float>{3, 4, 0}, std::vector<float>{3, 4.5f, 0});
    CHECK(deviation.snr_db() == Approx(20));  // 25 / .25
    CHECK(deviation.changed() == 0);
    deviation.add(std::vector<float>{0, 5, 0}, std::vector<float>{6, 5, 0});
    CHECK(deviation.snr_db() == Approx(10 * std::log10(50 / 36.25)));
    CHECK(deviation.changed() == .5);
    CHECK(deviation.samples() == 2);
}

TEST_CASE("equal answers have no noise, and without samples nothing changes") {
    Deviation deviation;
    CHECK(deviation.changed() == 0);
    CHECK(std::isinf(deviation.snr_db()));
    deviation.add(std::vector<float>{1, 2}, std::vector<float>{1, 2});
    CHECK(std::isinf(deviation.snr_db()));
    CHECK(deviation.snr_db() > 0);
}
