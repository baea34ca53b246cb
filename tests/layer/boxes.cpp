#include <taxon/layer/boxes.hpp>

#include <cmath>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/model.hpp>

#include "backend/against_reference.hpp"
#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"
#include "graph/plan_invariants.hpp"

using namespace taxon;

namespace {

/// Two heads of one value, the coarser one traced first and last in the table.
template <int Classes, BoxCode Code, int Channels, int Height, int Width>
struct TwoHeads {
    static constexpr Shape input{Channels, Height, Width};
    static constexpr void trace(Tracer& tracer) {
        const auto x = tracer.current;
        tracer.scope("coarse", Sequential<Conv2d<Channels, 2 * (5 + Classes), 3, 2, 1, true>,
                                          Boxes<Classes, 16, Code, 30, 61, 62, 45>>::trace);
        const auto coarse = tracer.current;
        tracer.current = x;
        tracer.scope("fine", Sequential<Conv2d<Channels, 3 * (5 + Classes), 1, 1, 1, true>,
                                        Boxes<Classes, 8, Code, 10, 13, 16, 30, 33, 23>>::trace);
        const std::array tables{tracer.current, coarse};
        detail::concatenate(tracer, tables.data(), 2);
    }
};

constexpr int seed = 31;

template <int Number, BoxCode Code>
void check() {
    constexpr auto spec = [] {
        Dice dice(seed * 1000 + Number);
        return std::array{dice(1, 20), dice(3, 30), dice(3, 14), dice(3, 14)};  // classes, channels, height, width
    }();
    using Network = TwoHeads<Number % 4 == 0 ? 1 + Number / 4 : spec[0], Code, spec[1], spec[2], spec[3]>;
    PlanInvariants(graph_of<Network>, plan_of<Network>).check();
    check_against_reference(Candidate::of<Network>(), "boxes " + std::to_string(Number));
    if constexpr (Number % 3 == 0)
        check_against_reference(Candidate::of<Network, execution::LayerByLayer>(), "boxes " + std::to_string(Number));
}

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check < Number, Number % 2 == 0 ? BoxCode::yolov5 : BoxCode::darknet > (), ...);
}

/// A map of 6 channels as it comes.
template <BoxCode Code>
struct Alone {
    static constexpr Shape input{6, 2, 3};
    static constexpr void trace(Tracer& tracer) { Boxes<1, 8, Code, 10, 13>::trace(tracer); }
};

template <BoxCode Code>
std::vector<float> rows_of(const std::vector<float>& map) {
    return Model<Alone<Code>>::load(io::SyntheticWeights())(map);
}

}  // namespace

TEST_CASE("a map becomes a row for each anchor of each cell, by anchor, then y, then x") {
    constexpr Shape table = graph_of<TwoHeads<4, BoxCode::yolov5, 8, 10, 7>>.output_shape();
    STATIC_REQUIRE(table == Shape::rows(9, 3 * 70 + 2 * 20));
    using M = Model<TwoHeads<4, BoxCode::yolov5, 8, 10, 7>>;
    const auto model = M::load(io::SyntheticWeights());
    const auto sample = io::synthetic_input("", "input", static_cast<std::size_t>(M::input_shape.size()));
    std::vector<float> map;  // of the fine head, in whose rows the scores are as they are there
    typename M::Workspace workspace;
    model.walk(sample, workspace, [&](const LayerView& layer) {
        if (layer.name == "fine.0") map.assign(layer.numbers.begin(), layer.numbers.end());
    });
    REQUIRE(map.size() == 27 * 70);
    const auto rows = model(sample);
    int wrong = 0;
    for (std::size_t anchor = 0; anchor < 3; ++anchor)
        for (std::size_t cell = 0; cell < 70; ++cell)
            for (std::size_t column = 4; column < 9; ++column)
                wrong += rows[(anchor * 70 + cell) * 9 + column] != map[(anchor * 9 + column) * 70 + cell];
    CHECK(wrong == 0);
}

TEST_CASE("boxes are decoded as their code says") {
    std::vector<float> map(36, 0.f);
    map[2 * 6 + 4] = 1.f;   // the width, in cell (1, 1)
    map[4 * 6 + 4] = -2.f;  // its objectness
    const float sigmoid = 1 / (1 + std::exp(-1.f));
    const auto five = rows_of<BoxCode::yolov5>(map), darknet = rows_of<BoxCode::darknet>(map);
    for (std::size_t cell = 0; cell < 6; ++cell) {
        const float x = static_cast<float>(cell % 3), y = static_cast<float>(cell / 3);
        CHECK(five[6 * cell] == Approx((0.5f + x) * 8));
        CHECK(five[6 * cell + 1] == Approx((0.5f + y) * 8));
        CHECK(five[6 * cell + 3] == Approx(13));
        CHECK(darknet[6 * cell] == Approx((0.5f + x) * 8));
        CHECK(darknet[6 * cell + 3] == Approx(13));
    }
    CHECK(five[24 + 2] == Approx(4 * sigmoid * sigmoid * 10));
    CHECK(darknet[24 + 2] == Approx(std::exp(1.f) * 10));
    CHECK(five[24 + 4] == -2.f);
    CHECK(five[24 + 5] == 0.f);
}

TEST_CASE("logits without measure make no NaN") {
    std::vector<float> map(36, 1e30f);
    for (std::size_t i = 0; i < 36; i += 2) map[i] = -1e30f;
    for (const float x : rows_of<BoxCode::yolov5>(map)) CHECK(std::isfinite(x));
    for (const float x : rows_of<BoxCode::darknet>(map)) CHECK(!std::isnan(x));
}

TEST_CASE("boxes of random maps agree with Reference") { check_all(std::make_integer_sequence<int, 12>{}); }

TEST_CASE("a table is written where the caller wants it, in a batch and by several threads as well") {
    using M = Model<TwoHeads<40, BoxCode::yolov5, 24, 30, 22>, shape::Mutable<1, 5>>;
    const auto samples = io::synthetic_input("", "input", 5 * static_cast<std::size_t>(M::input_shape.size()));
    const std::size_t in = static_cast<std::size_t>(M::input_shape.size()),
                      out = static_cast<std::size_t>(M::output_shape.size());
    const auto alone = M::load(io::SyntheticWeights(), {.threads = 1}),
               together = M::load(io::SyntheticWeights(), {.threads = 2});
    const auto all = together(samples);
    REQUIRE(all.size() == 5 * out);
    for (std::size_t i = 0; i < 5; ++i) {
        const auto one = alone(std::span(samples).subspan(i * in, in));
        CHECK(same_bytes(one, std::span(all).subspan(i * out, out)));
        CHECK(same_bytes(one, together(std::span(samples).subspan(i * in, in))));
    }
}

TEST_CASE("stored values: maps are of floats") {
    using Network = TwoHeads<6, BoxCode::yolov5, 12, 9, 8>;
    check_steps(Candidate::of<Network, execution::Fused, precision::BFloat16>(), "boxes", 0);
    check_steps(Candidate::of<Network, execution::Fused, precision::QInt8MixedFloat32>(), "boxes", 0);
    check_steps(Candidate::of<Network, execution::LayerByLayer, precision::QInt16MixedFloat16>(), "boxes", 0);
}
