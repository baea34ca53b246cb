#include <taxon/quantize/equalisable_pair.hpp>

#include <string>

#include "catch.hpp"
#include "networks.hpp"
#include "quantize/depthwise_network.hpp"

using namespace taxon;

namespace {

/// The layers of each pair, "maker > reader".
std::vector<std::string> pairs(GraphView graph) {
    std::vector<std::string> names;
    for (const auto [maker, reader] : quantize::equalisable_pairs(graph))
        names.push_back(std::string(graph.name(graph.node(maker))) + " > " +
                        std::string(graph.name(graph.node(reader))));
    return names;
}

/// Layers between two convolutions, each once more than allowed.
template <class... Between>
struct LayersInARow {
    static constexpr Shape input{4, 6, 6};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<4, 8, 1>, Between..., Conv2d<8, 4, 3>>::trace(tracer);
    }
};
template <class... Between>
bool joins = !quantize::equalisable_pairs(graph_of<LayersInARow<Between...>>).empty();

/// A convolution in groups of several channels, whose inputs are not a whole row or column.
struct Groups {
    static constexpr Shape input{4, 6, 6};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<4, 8, 1>, Conv2d<8, 8, 1, 1, 2>, Conv2d<8, 16, 1, 1, 8>, Conv2d<16, 4, 1>>::trace(tracer);
    }
};

}  // namespace

TEST_CASE("pairs go on through depthwise convolutions and end at what is not homogeneous") {
    CHECK(pairs(graph_of<networks::DepthwiseChain>) == std::vector<std::string>{"3 > 6", "6 > 9", "9 > 11"});
}

TEST_CASE("what may stand between two convolutions") {
    CHECK(joins<>);
    CHECK(joins<BatchNorm2d<8>>);
    CHECK(joins<ReLU>);
    CHECK(joins<BatchNorm2d<8>, ReLU>);
    CHECK(joins<BatchNorm2d<8>, ReLU, Activate<Activation::none>>);
    CHECK_FALSE(joins<ReLU6>);
    CHECK_FALSE(joins<HardSwish>);
    CHECK_FALSE(joins<BatchNorm2d<8>, SiLU>);
    CHECK_FALSE(joins<ReLU, HardSigmoid>);
    CHECK_FALSE(joins<ReLU, BatchNorm2d<8>>);
    CHECK_FALSE(joins<BatchNorm2d<8>, BatchNorm2d<8>>);
    CHECK_FALSE(joins<LayerNorm<8>>);
    CHECK_FALSE(joins<MaxPool2d<3, 1, 1>>);
}

TEST_CASE("a value with several readers, or none, makes no pair") {
    // 0 has three readers, the others end in a concatenation
    CHECK(pairs(graph_of<networks::Branches>) == std::vector<std::string>{"2.1.0 > 2.1.1"});
    CHECK(pairs(graph_of<networks::Transformer>).empty());
    CHECK(pairs(graph_of<Groups>).empty());
}
