#include <taxon/app/model/entry.hpp>

#include <taxon/policy/mixed_precision.hpp>

#include "catch.hpp"

using namespace taxon;
using taxon::app::detail::listed;

namespace {

struct Nothing;
struct Mixed : app::Variant<"mixed", Nothing, Nothing> {
    using O2 = precision::MixedPrecision<"o2", precision::QInt8MixedFloat32, "0">;
};
struct Plain : app::Variant<"plain", Nothing, Nothing> {};

}  // namespace

template <>
app::ModelEntry app::Entry<Mixed, Mixed::O2, execution::Fused>::entry() {
    return {.variant = Mixed::name, .precision = Mixed::O2::name};
}

TEST_CASE("a model is listed by variant and precision together") {
    constexpr std::string_view list = "small/force_float32;small/qint8;large/force_float32";
    CHECK(listed("small", "", "qint8", list));
    CHECK(listed("large", "", "force_float32", list));
    CHECK_FALSE(listed("large", "", "qint8", list));
    CHECK_FALSE(listed("small", "", "qint", list));
    CHECK_FALSE(listed("small", "", "", list));
    CHECK_FALSE(listed("small", "", "qint8", ""));
    CHECK(listed("n", "640", "qint8", "n@320/qint8;n@640/qint8"));
    CHECK_FALSE(listed("n", "64", "qint8", "n@320/qint8;n@640/qint8"));
    CHECK_FALSE(listed("n", "", "qint8", "n@320/qint8;n@640/qint8"));
}

TEST_CASE("only float32 comes layer by layer") {
    CHECK(app::detail::offered<precision::Float32, execution::LayerByLayer>);
    CHECK(app::detail::offered<precision::QInt8MixedFloat16, execution::Fused>);
    CHECK_FALSE(app::detail::offered<precision::Float16, execution::LayerByLayer>);
}

TEST_CASE("a variant's own precision is a row of the table if it is listed") {
    const auto rows = app::entries<"mixed/o2;plain/o2", Mixed, Plain>();
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().variant == "mixed");
    CHECK(rows.front().precision == "o2");
    CHECK(app::entries<"mixed/o3", Mixed>().empty());
}
