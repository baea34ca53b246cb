#include <taxon/quantize/equalise.hpp>

#include <taxon/backend/reference/reference.hpp>

#include "catch.hpp"
#include "quantize/depthwise_network.hpp"
#include "quantize/numbers.hpp"

using namespace taxon;
using quantize::Equalised;

namespace {

constexpr GraphView chain = graph_of<networks::DepthwiseChain>;

/// The outputs of a network whose convolutions are far from alike, and the greatest of them.
std::vector<float> outputs(GraphView graph, const WeightSource& weights) {
    const Shape in = graph.node(0).out;
    std::vector<float> output(static_cast<std::size_t>(graph.output_shape().size()));
    reference::Interpreter(graph, weights)
        .run(io::synthetic_input("equalise", "input", static_cast<std::size_t>(in.size())), output, in.width);
    return output;
}

/// The greatest difference of two outputs over the greatest number.
double difference(const std::vector<float>& a, const std::vector<float>& b) {
    double worst = 0, greatest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        worst = std::max(worst, std::abs(static_cast<double>(a[i]) - b[i]));
        greatest = std::max(greatest, std::abs(static_cast<double>(a[i])));
    }
    return worst / greatest;
}

quantize::ChannelScales scales(GraphView graph, int convolution, const WeightSource& weights) {
    return quantize::ChannelScales(graph, convolution, quantize::only_reader(graph, convolution, Op::batch_norm),
                                   Parameters(graph, weights));
}

/// The greatest range of a channel over the least.
double spread(const std::vector<double>& ranges) {
    return *std::max_element(ranges.begin(), ranges.end()) / *std::min_element(ranges.begin(), ranges.end());
}

std::vector<float> all_numbers(GraphView graph, const WeightSource& weights) {
    const Parameters parameters(graph, weights);
    std::vector<float> all;
    for (int i = 0; i < static_cast<int>(graph.parameters.size()); ++i)
        if (graph.parameters[static_cast<std::size_t>(i)].role != Role::ignored)
            for (const float x : parameters[i]) all.push_back(x);
    return all;
}

}  // namespace

TEST_CASE("an equalised network computes the same") {
    networks::UnevenWeights weights;
    for (const bool dead : {false, true}) {
        weights.dead = dead;
        const Equalised equalised(chain, weights);
        CHECK(equalised.pairs() == 3);
        const auto before = outputs(chain, weights), after = outputs(chain, equalised);
        CHECK(difference(before, after) < 1e-5);
        CHECK(difference(before, outputs(chain, Equalised(chain, weights, 2))) < 1e-5);
        CHECK(all_numbers(chain, weights) != all_numbers(chain, equalised));
    }
    constexpr GraphView branches = graph_of<networks::Branches>;
    const Equalised equalised(branches, weights);
    CHECK(equalised.pairs() == 1);
    CHECK(difference(outputs(branches, weights), outputs(branches, equalised)) < 1e-5);
}

TEST_CASE("what makes a channel is then as great as what reads it, and channels are more alike") {
    const networks::UnevenWeights weights;
    const Equalised equalised(chain, weights);
    for (const auto [maker, reader] : quantize::equalisable_pairs(chain)) {
        const auto made = scales(chain, maker, equalised).ranges_of_outputs(),
                   read = scales(chain, reader, equalised).ranges_of_inputs();
        REQUIRE(made.size() == read.size());
        INFO("channels between " << chain.name(chain.node(maker)) << " and " << chain.name(chain.node(reader)));
        for (std::size_t c = 0; c < made.size(); ++c) CHECK(made[c] == Approx(read[c]).epsilon(1e-3));
        const double before = spread(scales(chain, maker, weights).ranges_of_outputs()), after = spread(made);
        INFO("spread " << before << ", then " << after);
        CHECK(after < before / 2);
    }
}

TEST_CASE("channels of the values themselves are more alike") {
    const networks::UnevenWeights weights;
    const auto spread_of = [](const WeightSource& source) {
        double result = 0;
        const Shape in = chain.node(0).out;
        reference::Interpreter(chain, source)
            .walk(io::synthetic_input("equalise", "input", static_cast<std::size_t>(in.size())), in.width,
                  [&](const LayerView& layer) {
                      if (layer.name != "7") return;  // behind the depthwise convolution
                      std::vector<double> ranges;
                      const auto pixels = static_cast<std::size_t>(layer.shape.pixels());
                      for (std::size_t at = 0; at < layer.numbers.size(); at += pixels) {
                          const auto plane = layer.numbers.subspan(at, pixels);
                          const auto [low, high] = std::minmax_element(plane.begin(), plane.end());
                          ranges.push_back(*high - *low);
                      }
                      result = spread(ranges);
                  });
        return result;
    };
    const double before = spread_of(weights), after = spread_of(Equalised(chain, weights));
    INFO("spread " << before << ", then " << after);
    CHECK((after > 0 && after < before / 2));
}

TEST_CASE("without pairs all weights are as they were, and with a scale of 1 too") {
    const networks::UnevenWeights weights;
    constexpr GraphView transformer = graph_of<networks::Transformer>;
    const Equalised none_to_equalise(transformer, weights);
    CHECK(none_to_equalise.pairs() == 0);
    CHECK(all_numbers(transformer, none_to_equalise) == all_numbers(transformer, weights));
    CHECK(all_numbers(chain, Equalised(chain, weights, 1)) == all_numbers(chain, weights));
}

TEST_CASE("what was equalised is otherwise the source it was made from") {
    const networks::UnevenWeights weights;
    const Equalised equalised(chain, weights);
    CHECK(equalised.origin() == "uneven");
    CHECK(equalised.names() == weights.names());
    const Dimensions wanted{24, 8, 1, 1};
    CHECK(equalised.shape_of("3.weight", wanted) == wanted);
    std::vector<float> few(3), again(24 * 8), twice(24 * 8);
    CHECK(numbers::refusal([&] { equalised.read("3.weight", Dimensions{3}, few); }) == Fault::shape);
    equalised.read("3.weight", wanted, again);
    Equalised(chain, weights).read("3.weight", wanted, twice);
    CHECK(again == twice);
    for (const double scale : {0.5, 0.0, -1.0, std::nan(""), HUGE_VAL})
        CHECK(numbers::refusal([&] { Equalised(chain, weights, scale); }) == Fault::usage);
}
