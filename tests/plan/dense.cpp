#include <taxon/plan/owned_plan.hpp>

#include <taxon/graph/traced_graph.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/dense.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/concat.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

/// The plan of what is traced on a picture of 16 x 6 x 6 and on 576 numbers.
struct Planned {
    TracedGraph network;
    OwnedPlan plan;

    template <class Trace>
    explicit Planned(const Trace& trace, bool fuses = true)
        : network({Port{"picture", {16, 6, 6}}, Port{"numbers", dense::numbers(576)}}, trace),
          plan(plan_at_run_time(network.graph(), {}, fuses)) {
        INFO(network.problem());
        REQUIRE(network.problem().empty());
        buffers_lie_apart();
    }

    int count(Kernel kernel) const {
        int count = 0;
        for (const Step& step : plan.steps) count += step.geometry.kernel == kernel;
        return count;
    }
    const Step& step(Kernel kernel) const {
        for (const Step& step : plan.steps)
            if (step.geometry.kernel == kernel) return step;
        FAIL("there is no such step");
        return plan.steps.front();
    }

    /// Nothing that is still to be read shares memory with what is written.
    void buffers_lie_apart() const {
        const auto bytes = [](const Buffer& b) { return static_cast<int>(size_of(b.view.element)) * b.elements(); };
        int overlaps = 0;
        for (const Buffer& a : plan.buffers) {
            CHECK(a.at + bytes(a) <= plan.arena_bytes);
            for (const Buffer& b : plan.buffers)
                overlaps += &a < &b && a.live_from <= b.live_to && b.live_from <= a.live_to && a.at < b.at + bytes(b) &&
                            b.at < a.at + bytes(a);
        }
        CHECK(overlaps == 0);
        for (std::size_t i = 0; i < plan.steps.size(); ++i)
            for (const int slot : {plan.steps[i].source, plan.steps[i].operand, plan.steps[i].third,
                                   plan.steps[i].target, plan.steps[i].scratch}) {
                if (slot == none) continue;
                const Buffer& buffer = plan.view().buffer(plan.view().slot(slot));
                CHECK((buffer.live_from <= static_cast<int>(i) && static_cast<int>(i) <= buffer.live_to));
            }
    }
};

template <int In, int Out, int Size>
constexpr void convolve(Tracer& tracer, Tracer::Value value) {
    tracer.current = value;
    tracer.scope("convolution", Conv2d<In, Out, Size>::trace);
}

}  // namespace

TEST_CASE("A picture and a dense value in the same order of numbers are one memory", "[dense]") {
    const Planned there([](Tracer& tracer) {
        convolve<16, 16, 1>(tracer, tracer.input("picture"));
        const auto numbers = dense::flatten(tracer, "flat", tracer.current);
        dense::map(tracer, "minus", MapFunction::negative, {576}, {numbers});
    });
    CHECK(there.plan.steps.size() == 2);
    CHECK(there.plan.view().slot(there.plan.steps[1].source).buffer ==
          there.plan.view().slot(there.plan.steps[0].target).buffer);

    const Planned back([](Tracer& tracer) {
        const auto minus = dense::map(tracer, "minus", MapFunction::negative, {576}, {tracer.input("numbers")});
        convolve<16, 8, 1>(tracer, dense::picture(tracer, "picture_of", minus, {16, 6, 6}));
    });
    CHECK(back.plan.steps.size() == 2);
    const View view = back.plan.view().view(back.plan.steps[1].source);
    CHECK((view.pitch == 16 && view.shape == Shape{16, 6, 6} && !view.has_halo()));
}

TEST_CASE("A picture is copied to a dense value, and back, where the memory differs", "[dense]") {
    SECTION("channels first") {
        const Planned p([](Tracer& tracer) { dense::flatten(tracer, "flat", tracer.input("picture"), false); });
        CHECK(p.count(Kernel::flatten) == 1);
        CHECK(p.step(Kernel::flatten).geometry.function == 0);
    }
    SECTION("padded channels") {
        const Planned p([](Tracer& tracer) {
            convolve<16, 12, 1>(tracer, tracer.input("picture"));
            dense::flatten(tracer, "flat", tracer.current);
        });
        CHECK(p.count(Kernel::flatten) == 1);
    }
    SECTION("a halo, which another reader wants") {
        const Planned p([](Tracer& tracer) {
            convolve<16, 16, 1>(tracer, tracer.input("picture"));
            const auto picture = tracer.current;
            const auto flat = dense::flatten(tracer, "flat", picture);
            dense::map(tracer, "minus", MapFunction::negative, {576}, {flat});
            tracer.output("minus");
            tracer.current = picture;
            tracer.scope("next", Conv2d<16, 8, 3>::trace);
            tracer.output("next");
        });
        CHECK(p.count(Kernel::flatten) == 1);
    }
    SECTION("a halo of a picture made of numbers") {
        const Planned p([](Tracer& tracer) {
            convolve<16, 8, 3>(tracer, dense::picture(tracer, "picture_of", tracer.input("numbers"), {16, 6, 6}));
        });
        CHECK(p.count(Kernel::picture) == 1);
    }
    SECTION("a slice of a concatenation") {
        const Planned p([](Tracer& tracer) {
            const auto picture = tracer.input("picture");
            convolve<16, 16, 1>(tracer, picture);
            const auto one = tracer.current;
            dense::flatten(tracer, "flat", one);
            tracer.output("flat");
            tracer.node({.op = Op::concat}, {32, 6, 6}, {one, picture});
            tracer.output("both");
        });
        CHECK(p.count(Kernel::flatten) == 1);
    }
    SECTION("layer by layer") {
        const Planned p([](Tracer& tracer) { dense::flatten(tracer, "flat", tracer.input("picture")); }, false);
        CHECK(p.count(Kernel::flatten) == 1);
    }
}

TEST_CASE("Constants take no memory of a run, and steps of dense values are planned by their loops", "[dense]") {
    const Planned p([](Tracer& tracer) {
        const auto table = dense::constant(tracer, "table", 576);
        const auto sum = dense::map(tracer, "sum", MapFunction::add, {576}, {tracer.input("numbers"), table});
        const auto padded = dense::assemble(tracer, "padded", 2000, {{sum, {576}, {1}, 3}, {table, {576}, {2}, 600}});
        dense::sort(tracer, "best", {2000}, padded, 40, true, false);
    });
    CHECK(p.count(Kernel::constant) == 1);
    CHECK(p.count(Kernel::assemble) == 3);  // what is between the pieces, and both
    const Step& map = p.step(Kernel::map);
    CHECK(p.plan.view().slot(map.operand).constant == p.step(Kernel::constant).bias_at);
    CHECK(p.plan.view().view(map.operand).pitch == 576);
    CHECK(p.plan.bias_count >= 576);
    CHECK(p.plan.arena_bytes < 4 * (2 * 576 + 2000 + 4 * 2000 + 40 + 200));
    for (const Step& step : p.plan.steps) CHECK(!step.shared);
}

TEST_CASE("Steps of dense values are shared if their loops take several times as long as a barrier", "[dense]") {
    const Planned p([](Tracer& tracer) {
        const auto numbers = tracer.input("numbers");
        const auto wide =
            dense::map(tracer, "outer", MapFunction::multiply, {576, 576}, {{numbers, {1, 0}}, {numbers, {0, 1}}});
        const auto few = dense::reduce(tracer, "sums", Reduction::sum, {576, 576}, 1, wide);
        dense::map(tracer, "sine", MapFunction::sine, {576}, {few});
        tracer.output("sine");
        dense::gather(tracer, "some", {10}, {wide, {0}}, {few, {1}}, 576 * 576, 1);
        tracer.output("some");
    });
    CHECK(p.step(Kernel::map).shared);
    CHECK(p.step(Kernel::reduce).shared);  // for what it reads
    CHECK(!p.plan.steps[2].shared);
    CHECK(!p.step(Kernel::gather).shared);  // however large the table is
}

TEST_CASE("All tokens are computed whose numbers a dense operation reads, whichever operand they are", "[dense]") {
    const TracedGraph network({Port{"tokens", Shape::tokens(32, 7)}}, [](Tracer& tracer) {
        tracer.scope("linear", Linear<32, 32>::trace);
        const auto flat = dense::flatten(tracer, "flat", tracer.current);
        const auto zeros = dense::constant(tracer, "zeros", 224);
        dense::map(tracer, "where", MapFunction::where, {224}, {zeros, zeros, flat});
    });
    REQUIRE(network.problem().empty());
    for (const Step& step : plan_at_run_time(network.graph()).steps) CHECK(!step.first_token_only);
}
