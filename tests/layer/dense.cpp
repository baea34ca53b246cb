#include <taxon/layer/dense.hpp>

#include <taxon/graph/traced_graph.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

/// The graph of what is traced on three values of 12, 4 and 3 numbers.
template <class Trace>
TracedGraph traced(const Trace& trace) {
    return {{Port{"a", dense::numbers(12)}, Port{"b", dense::numbers(4)}, Port{"c", dense::numbers(3)}},
            [&](Tracer& tracer) { trace(tracer, tracer.input("a"), tracer.input("b"), tracer.input("c")); }};
}

template <class Trace>
std::string problem_of(const Trace& trace) {
    return traced(trace).problem();
}

}  // namespace

TEST_CASE("A map reads each operand by its own strides, and gives numbers in order", "[dense]") {
    const auto network = traced([](Tracer& tracer, auto a, auto b, auto) {
        dense::map(tracer, "sum", MapFunction::add, {4, 3}, {{a, {1, 4}}, {b, {1, 0}}});
    });
    const GraphView graph = network.graph();
    REQUIRE(network.problem().empty());
    REQUIRE(graph.size() == 4);
    const Node& node = graph.node(3);
    CHECK(graph.name(node) == "sum");
    CHECK(node.op == Op::map);
    CHECK(node.out == dense::numbers(12));
    CHECK(graph.operand(node, 1) == 1);
    const LoopNest& nest = graph.nest(node);
    CHECK(nest.map == MapFunction::add);
    CHECK(nest.rank == 2);
    CHECK(nest.operands[0].by[1] == 4);
    CHECK(nest.operands[1].by[1] == 0);
    CHECK((nest.out.by[0] == 3 && nest.out.by[1] == 1));
    CHECK((nest.operand_count == 2 && nest.result_count == 12));
}

TEST_CASE("Dense operations state the sizes of their results", "[dense]") {
    const auto network = traced([](Tracer& tracer, auto a, auto b, auto c) {
        tracer.scope("block", [&](Tracer& inner) {
            dense::reduce(inner, "mean", Reduction::mean, {4, 3}, 1, a);
            dense::row(inner, "softmax", RowFunction::softmax, {3, 4}, {{a, {1, 3}}}, {1, 3});
            dense::assemble(inner, "padded", 20, {{a, {12}, {1}, 4}, {b, {4}, {1}}}, -1);
            dense::gather(inner, "columns", {4, 3}, {a, {3, 0}}, {c, {0, 1}}, 3, 1);
            dense::sort(inner, "best", {3, 4}, a, 2, true, true);
            dense::matrix_product(inner, "product", {4, 2, 3}, 1, {a, {3, 0, 1}}, {c, {0, 0, 1}});
            dense::constant(inner, "table", 5, 2);
        });
    });
    REQUIRE(network.problem().empty());
    const GraphView graph = network.graph();
    const int sizes[] = {4, 12, 20, 12, 6, 8, 10};
    for (int i = 0; i < 7; ++i) CHECK(graph.node(3 + i).out == dense::numbers(sizes[i]));
    const Node& padded = graph.node(5);
    CHECK(padded.nest_count == 2);
    CHECK((graph.nest(padded, 0).out.first == 4 && graph.nest(padded, 1).sizes[0] == 4));
    CHECK(static_cast<double>(graph.nest(padded, 0).first) == -1);
    CHECK(graph.name(graph.node(9)) == "block.table");
    CHECK(graph.name(graph.parameters[0]) == "block.table");
    CHECK(graph.flops() == 2 * 4 * 2 * 3);
}

TEST_CASE("Dense operations require that all numbers they read and write are there", "[dense]") {
    CHECK(problem_of([](Tracer& tracer, auto a, auto, auto) {
              dense::move(tracer, "x", {4, 4}, {a, {3, 1}});
          }) == "layer 'x' wants numbers 0 to 12 of a value that has 12, found 1 rows x 12 columns");
    CHECK(problem_of([](Tracer& tracer, auto a, auto, auto) {
              dense::move(tracer, "x", {12}, {a, {-1}, 10});
          }) == "layer 'x' wants numbers -1 to 10 of a value that has 12, found 1 rows x 12 columns");
    CHECK(problem_of([](Tracer& tracer, auto a, auto, auto) {
              dense::move(tracer, "x", {12}, {a, {-1}, 11});
          }).empty());
    CHECK(problem_of([](Tracer& tracer, auto a, auto, auto) {
              dense::map(tracer, "x", MapFunction::add, {12}, {a});
          }).starts_with("layer 'x' wants 2 operands"));
    CHECK(problem_of([](Tracer& tracer, auto a, auto, auto) {
              dense::assemble(tracer, "x", 20, {{a, {12}, {2}}});
          }).starts_with("layer 'x' wants numbers 0 to 22 of a value that has 20"));
    CHECK(problem_of([](Tracer& tracer, auto a, auto, auto) {
              dense::row(tracer, "x", RowFunction::softmax, {3, 4}, {a}, {1, 4});
          }).starts_with("layer 'x' wants numbers 0 to 14 of a value that has 12"));
    CHECK(problem_of([](Tracer& tracer, auto a, auto, auto) {
              dense::picture(tracer, "x", a, {2, 3, 3});
          }).starts_with("layer 'x' wants 18 numbers"));
    CHECK(problem_of([](Tracer& tracer, auto a, auto b, auto c) {
              dense::recurrent(tracer, "x", Cell::lstm, 2, 1, 6, 2, a, b, c);
          }).starts_with("layer 'x' wants inputs, weights and a state of its sizes"));
}
