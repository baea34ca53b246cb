#include <taxon/app/entry.hpp>

#include "catch.hpp"

using namespace taxon;
using taxon::app::detail::listed;

TEST_CASE("a model is listed by variant and precision together") {
    constexpr std::string_view list = "small/force_float32;small/qint8;large/force_float32";
    CHECK(listed("small", "qint8", list));
    CHECK(listed("large", "force_float32", list));
    CHECK_FALSE(listed("large", "qint8", list));
    CHECK_FALSE(listed("small", "qint", list));
    CHECK_FALSE(listed("small", "", list));
    CHECK_FALSE(listed("small", "qint8", ""));
}

TEST_CASE("only float32 comes layer by layer") {
    CHECK(app::detail::offered<precision::Float32, execution::LayerByLayer>);
    CHECK(app::detail::offered<precision::QInt8MixedFloat16, execution::Fused>);
    CHECK_FALSE(app::detail::offered<precision::Float16, execution::LayerByLayer>);
}
