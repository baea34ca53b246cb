#include <taxon/app/model/table.hpp>

#include "catch.hpp"

using namespace taxon;
using namespace taxon::app;

namespace {

constexpr ModelEntry row(std::string_view variant, std::string_view precision, std::string_view backend,
                         std::string_view execution) {
    return {.variant = variant, .precision = precision, .backend = backend, .execution = execution, .preprocess = ""};
}

constexpr ModelEntry entries[] = {row("a", "p", "cpu", "fused"), row("a", "p", "cpu", "layer_by_layer"),
                                  row("a", "p", "reference", "layer_by_layer"), row("b", "q", "cpu", "fused")};
const Family family{.name = "f", .entries = entries};

std::string sentence_of(const ModelQuery& choice) {
    try {
        choose(family, choice);
    } catch (const Error& error) {
        CHECK(error.fault() == Fault::usage);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("the first row that fits is chosen") {
    CHECK(&choose(family, {}) == &entries[0]);
    CHECK(&choose(family, {.variant = "a", .precision = "p", .backend = "cpu", .execution = "layer_by_layer"}) ==
          &entries[1]);
    CHECK(&choose(family, {.variant = "a", .precision = {}, .backend = "reference", .execution = {}}) == &entries[2]);
    CHECK(&choose(family, {.variant = {}, .precision = "q", .backend = {}, .execution = {}}) == &entries[3]);
}

TEST_CASE("what is not in the table is said, with what is and the CMake line that adds it") {
    CHECK(sentence_of({.variant = "c", .precision = {}, .backend = {}, .execution = {}}) ==
          "--variant: [usage] found 'c', which is not built into this program, wanted a, b; cmake "
          "-DTAXON_VARIANTS=\"a;b;c\" adds it, if "
          "the project has it");
    CHECK(sentence_of({.variant = {}, .precision = "r", .backend = {}, .execution = {}}) ==
          "--precision: [usage] found 'r', which is not built into this program, wanted p, q; cmake "
          "-DTAXON_PRECISIONS=\"p;q;r\" adds it, "
          "if the project has it");
    CHECK(sentence_of({.variant = {}, .precision = {}, .backend = {}, .execution = "fast"}) ==
          "--execution: [usage] found 'fast', which is not built into this program, wanted fused, layer_by_layer");
    CHECK(sentence_of({.variant = "b", .precision = {}, .backend = "reference", .execution = {}}) ==
          "--variant b --backend reference: [usage] found a combination that is not built into this program, wanted "
          "one of: b q cpu fused");
    CHECK(sentence_of({.variant = "b", .precision = "p", .backend = "cpu", .execution = {}}) ==
          "--precision: [usage] found 'p', which is not built into this program for variant b, wanted q; cmake "
          "-DTAXON_PRECISIONS=\"q;p\" adds it, if the project has it");
}

TEST_CASE("the float32 row of a variant is found, or the CMake line that adds it is said") {
    constexpr ModelEntry rows[] = {
        row("a", "qint8_mixed_float32", "cpu", "fused"), row("a", "force_float32", "cpu", "layer_by_layer"),
        row("a", "force_float32", "cpu", "fused"), row("b", "qint8_mixed_float32", "cpu", "fused")};
    const Family mixed{.name = "f", .entries = rows};
    CHECK(&float_entry(mixed, rows[0]) == &rows[2]);
    try {
        float_entry(mixed, rows[3]);
        FAIL("nothing was thrown");
    } catch (const Error& error) {
        CHECK(error.fault() == Fault::usage);
        CHECK(std::string(error.what()) ==
              "variant b: [usage] found no force_float32 in this program, which calibration and convert run; "
              "cmake -DTAXON_PRECISIONS=\"force_float32;qint8_mixed_float32\" adds it");
    }
}
