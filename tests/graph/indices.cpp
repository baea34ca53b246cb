#include <taxon/graph/indices.hpp>

#include <cmath>
#include <string>
#include <taxon/graph/traced_graph.hpp>
#include <taxon/layer/dense.hpp>
#include <vector>

#include "catch.hpp"

using namespace taxon;

namespace {

/// Rows of three by the second and the last of each sample's four indices.
struct Rows {
    static constexpr std::array inputs{Port{"table", Shape::rows(12, 1)}, Port{"which", Shape::rows(4, 1)}};
    static constexpr void trace(Tracer& t) {
        const Tracer::Value table = t.input("table"), which = t.input("which");
        t.output("rows", dense::gather(t, "rows", {2, 3}, {table, {0, 1}}, {which, {2, 0}, 1}, 4, 3));
    }
};

std::string refusal(const std::vector<float>& which, int batch) {
    const TracedGraph traced({Rows::inputs.begin(), Rows::inputs.end()}, Rows::trace);
    REQUIRE(traced.problem() == "");
    const std::vector<float> table(12);
    const std::vector<InputNumbers> inputs{{table.data(), 0}, {which.data(), 4}};
    try {
        check_indices(traced.graph(), 0, inputs, batch, 12);
    } catch (const Error& error) {
        CHECK(error.fault() == Fault::value);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("Indices that a network reads from an input lead to a place of the axis") {
    CHECK(refusal({99, 0, 99, 3, NAN, -4, 4, -1}, 2).empty());
    CHECK(refusal({0, 0, 0, 3, 0, 0, 0, 4}, 1).empty());
    CHECK(refusal({0, 0, 0, 3, 0, 0, 0, 4}, 2) ==
          "input 'which', sample 1, number 3: [value] found 4, wanted an index from -4 to 3; "
          "check this input's numbers");
    for (const float index : {-5.0F, 3e9F, NAN, -INFINITY}) CHECK(!refusal({0, 0, 0, index}, 1).empty());
}
