#include <taxon/app/gen/level.hpp>

#include <taxon/policy/mixed_precision.hpp>

#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;
using precision::BFloat16, precision::Float16, precision::Float32, precision::QInt16MixedFloat32,
    precision::QInt8MixedFloat16, precision::QInt8MixedFloat32;
using O2 = precision::MixedPrecision<"o2", QInt8MixedFloat32, "0">;
using Halves = precision::MixedPrecision<"halves", BFloat16, "0">;

namespace {

template <class P>
constexpr ModelEntry row(std::string_view variant, std::string_view execution = "fused") {
    return {.variant = variant,
            .precision = P::name,
            .backend = "cpu",
            .execution = execution,
            .preprocess = "",
            .data_types = P::data_types};
}

constexpr ModelEntry entries[] = {row<QInt16MixedFloat32>("a"),
                                  row<Float32>("a"),
                                  row<Float32>("a", "layer_by_layer"),
                                  row<Float16>("a"),
                                  row<QInt8MixedFloat16>("a"),
                                  row<O2>("a"),
                                  row<Float32>("b"),
                                  row<Float32>("c"),
                                  row<O2>("c")};
const Family family{.name = "f", .entries = entries};

std::vector<std::string_view> names(Level level, const ModelEntry& floats) {
    std::vector<std::string_view> names;
    for (const ModelEntry* entry : rows_of(level, family, floats)) names.push_back(entry->precision);
    return names;
}

std::string refusal(Level level, const ModelEntry& floats) {
    try {
        rows_of(level, family, floats);
    } catch (const Error& error) {
        CHECK(error.fault() == Fault::usage);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a level allows the numbers of the one before it and narrower ones, and the last only integers") {
    for (const Level level : {Level::O0, Level::O1, Level::O2}) CHECK(allows(level, Float32::data_types));
    CHECK_FALSE(allows(Level::O3, Float32::data_types));
    for (const DataTypes& data_types : {Float16::data_types, BFloat16::data_types, Halves::data_types}) {
        CHECK_FALSE(allows(Level::O0, data_types));
        CHECK(allows(Level::O1, data_types));
        CHECK(allows(Level::O2, data_types));
        CHECK_FALSE(allows(Level::O3, data_types));
    }
    CHECK_FALSE(allows(Level::O1, QInt8MixedFloat32::data_types));
    CHECK(allows(Level::O2, QInt8MixedFloat32::data_types));
    CHECK(allows(Level::O3, QInt8MixedFloat16::data_types));
    for (const Level level : {Level::O2, Level::O3}) CHECK(allows(level, precision::QInt7MixedFloat32::data_types));
    CHECK(allows(Level::O2, O2::data_types));
    CHECK_FALSE(allows(Level::O3, O2::data_types));
    for (const Level level : {Level::O0, Level::O1, Level::O2, Level::O3}) {
        CHECK_FALSE(allows(level, QInt16MixedFloat32::data_types));
        CHECK(level_of(name_of(level)) == level);
    }
}

TEST_CASE("the rows of a level are those of the variant, float32 first") {
    using Names = std::vector<std::string_view>;
    CHECK(names(Level::O0, entries[1]) == Names{"force_float32"});
    CHECK(names(Level::O1, entries[1]) == Names{"force_float32", "force_float16"});
    CHECK(names(Level::O2, entries[1]) == Names{"force_float32", "force_float16", "qint8_mixed_float16", "o2"});
    CHECK(names(Level::O3, entries[1]) == Names{"force_float32", "qint8_mixed_float16"});
    CHECK(names(Level::O0, entries[6]) == Names{"force_float32"});
    CHECK(names(Level::O2, entries[7]) == Names{"force_float32", "o2"});
}

TEST_CASE("a level that the program lacks all precisions of is refused with the CMake line that adds them") {
    CHECK(refusal(Level::O1, entries[6]) ==
          "--level O1: [usage] found variant b in force_float32 alone in this program, wanted force_bfloat16 or "
          "force_float16; "
          "cmake -DTAXON_PRECISIONS=\"force_float32;force_bfloat16;force_float16\" adds them");
    CHECK(refusal(Level::O2, entries[6]) ==
          "--level O2: [usage] found variant b in force_float32 alone in this program, wanted qint8_mixed_float32 or "
          "qint8_mixed_float16; "
          "cmake -DTAXON_PRECISIONS=\"force_float32;qint8_mixed_float32;qint8_mixed_float16\" adds them");
    CHECK(refusal(Level::O3, entries[7]).starts_with("--level O3: [usage] found variant c in force_float32, o2 alone"));
    CHECK(refusal(Level::O1, entries[7]).starts_with("--level O1"));
}

TEST_CASE("usual precisions that are not built are named") {
    using Names = std::vector<std::string_view>;
    CHECK(not_built(Level::O0, rows_of(Level::O0, family, entries[1])).empty());
    CHECK(not_built(Level::O1, rows_of(Level::O1, family, entries[1])) == Names{"force_bfloat16"});
    CHECK(not_built(Level::O2, rows_of(Level::O2, family, entries[1])) ==
          Names{"force_bfloat16", "qint8_mixed_float32"});
    CHECK(not_built(Level::O3, rows_of(Level::O3, family, entries[1])) == Names{"qint8_mixed_float32"});
}
