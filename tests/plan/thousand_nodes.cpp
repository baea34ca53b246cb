#include <taxon/layer/dense.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/plan/planner.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

/// A transformer of 24 blocks as an exporter writes it out, of 40 nodes each.
struct ThousandNodes {
    static constexpr std::array inputs{Port{"x", {64, 1, 17}}};

    static constexpr Value block(Tracer& t, Name name, Value x) {
        const Scope inside(t, name);
        Value y = apply<LayerNorm<64>>(t, "attention.norm", x), parts[3]{};
        for (int i = 0; i < 3; ++i) {
            parts[i] = apply<Linear<64, 64>>(t, {"attention.self.projection.", i}, y);
            parts[i] = dense::flatten(t, {"attention.self.projection.flatten_", i}, parts[i]);
            parts[i] = dense::map(t, {"attention.self.scaled.", i}, MapFunction::multiply, {17, 64},
                                  {parts[i], {dense::constant(t, {"attention.self.scale.", i}), {0}}});
        }
        y = dense::matrix_product(t, "attention.self.matmul", {4, 17, 17, 16}, 1, {parts[0], {16, 64, 0, 1}},
                                  {parts[1], {16, 0, 64, 1}});
        y = dense::row(t, "attention.self.softmax", RowFunction::softmax, {68, 17}, {y});
        y = dense::matrix_product(t, "attention.self.matmul_2", {4, 17, 16, 17}, 1, {y, {289, 17, 0, 1}},
                                  {parts[2], {16, 0, 1, 64}}, {16, 64, 1});
        y = dense::picture(t, "attention.output.rows", y, {64, 1, 17});
        x = add(t, "attention.output.add", apply<Linear<64, 64>>(t, "attention.output.dense", y), x);
        y = dense::flatten(t, "intermediate.flatten", apply<Linear<64, 64>>(t, "intermediate.dense", x));
        for (int i = 0; i < 8; ++i) {
            const Value error = dense::map(t, {"intermediate.erf.", i}, MapFunction::error_function, {1088}, {y});
            y = dense::map(t, {"intermediate.mul.", i}, MapFunction::multiply, {1088}, {error, y});
        }
        y = dense::picture(t, "output.rows", y, {64, 1, 17});
        return add(t, "output.add", apply<Linear<64, 64>>(t, "output.dense", y), x);
    }
    static constexpr void trace(Tracer& t) {
        Value x = t.input("x");
        for (int i = 0; i < 24; ++i) x = block(t, {"model.encoder.layer.", i}, x);
        t.output("y", x);
    }
};

}  // namespace

TEST_CASE("A network of a thousand nodes is traced and planned within the compilers' own limits") {
    // GCC's of 33 million operations, and Clang's of a million steps, for each stage of the planner
    static_assert(graph_of<ThousandNodes>.size() > 900);
    constexpr int arena = plan_of<ThousandNodes>.arena_bytes;
    // a handful of values of 17 · 64 floats live at once
    CHECK(arena < 10 * 17 * 64 * 4 + 4096);
}
