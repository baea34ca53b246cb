#include <taxon/graph/graph.hpp>

#include <taxon/zoo/mobilenet_v3.hpp>

#include "catch.hpp"
#include "networks.hpp"

using namespace taxon;

namespace {

template <class Layers, int Channels, int Height, int Width>
struct On {
    static constexpr Shape input{Channels, Height, Width};
    static constexpr void trace(Tracer& tracer) { Sequential<Layers>::trace(tracer); }
};

template <class Layers, int Channels, int Height, int Width>
constexpr GraphView graph_on = graph_of<On<Layers, Channels, Height, Width>>;

std::string name_of_parameter(GraphView graph, std::size_t i) { return std::string(graph.name(graph.parameters[i])); }

}  // namespace

TEST_CASE("a convolution shrinks its picture as PyTorch's does") {
    STATIC_REQUIRE(graph_on<Conv2d<3, 8, 3>, 3, 13, 15>.output_shape() == Shape{8, 13, 15});
    STATIC_REQUIRE(graph_on<Conv2d<3, 8, 3, 2>, 3, 13, 15>.output_shape() == Shape{8, 7, 8});
    STATIC_REQUIRE(graph_on<Conv2d<3, 8, 7, 2, 1, false, 0>, 3, 22, 24>.output_shape() == Shape{8, 8, 9});
}

TEST_CASE("operations are counted as papers count them") {
    STATIC_REQUIRE(graph_on<Conv2d<3, 8, 3>, 3, 13, 15>.flops() == 2L * 8 * 13 * 15 * 3 * 9);
    STATIC_REQUIRE(graph_on<Conv2d<8, 8, 3, 1, 8>, 8, 5, 5>.flops() == 2L * 8 * 25 * 9);
    STATIC_REQUIRE(graph_on<Linear<10, 4>, 10, 1, 1>.flops() == 2L * 40);
    STATIC_REQUIRE(graph_of<zoo::MobileNetV3Small<>>.flops() == 113'020'800);
}

TEST_CASE("only trained numbers are counted") {
    STATIC_REQUIRE(graph_on<BatchNorm2d<8>, 8, 2, 2>.parameter_count() == 16);
    STATIC_REQUIRE(graph_on<BatchNorm2d<8>, 8, 2, 2>.parameters.size() == 5);
    STATIC_REQUIRE(graph_of<zoo::MobileNetV3Small<>>.parameter_count() == 2'542'856);
}

TEST_CASE("children are called by their numbers or their names, and absent ones take none") {
    using Layers = Sequential<If<false, ReLU>, Conv2d<3, 4, 1>, Identity,
                              Named<"head", Sequential<ReLU, Conv2d<4, 5, 1, 1, 1, true>>>, Conv2d<5, 6, 1>>;
    constexpr GraphView graph = graph_on<Layers, 3, 2, 2>;
    REQUIRE(graph.parameters.size() == 4);
    CHECK(name_of_parameter(graph, 0) == "0.0.weight");
    CHECK(name_of_parameter(graph, 1) == "0.head.1.weight");
    CHECK(name_of_parameter(graph, 2) == "0.head.1.bias");
    CHECK(name_of_parameter(graph, 3) == "0.3.weight");
}

TEST_CASE("a graph knows who reads what") {
    constexpr GraphView graph = graph_of<networks::GatedSlices>;
    const Node& sum = graph.nodes.back();
    CHECK(sum.op == Op::add);
    CHECK(graph.operand(sum, 0) == graph.size() - 2);
    CHECK(graph.operand(sum, 1) == 1);  // the first convolution
    for (int i = 1; i < graph.size(); ++i)
        for (const int operand : graph.operands(graph.node(i))) CHECK(operand < i);
}
