#include <taxon/profile/trace.hpp>

#include "catch.hpp"
#include "profile/trace_rules.hpp"

using namespace taxon;

namespace {

TraceSpan span(const std::string& name, int thread, int from, int to) {
    const auto at = [](int ns) { return cpu::RunRecord::Clock::time_point(std::chrono::nanoseconds(ns)); };
    return {name, "kernel", thread, at(from), at(to)};
}

}  // namespace

TEST_CASE("a trace has the format's fields, in microseconds from its first event") {
    const std::string text =
        chrome_trace({span("b \"1\\2\"\n", 1, 5'000'101, 5'001'000), span("run", 0, 5'000'000, 5'002'500)}, "small");
    CHECK(trace_problem(text).empty());
    const auto events = app::Json::parse(text).at("traceEvents");
    REQUIRE(events.size() == 5);
    CHECK(events[0]["args"]["name"] == "small");
    CHECK(events[2]["args"]["name"] == "thread 1");
    CHECK(
        events[3] ==
        app::Json{{"ph", "X"}, {"pid", 1}, {"tid", 0}, {"ts", 0.0}, {"dur", 2.5}, {"name", "run"}, {"cat", "kernel"}});
    CHECK(events[4]["name"] == "b \"1\\2\" ");
    CHECK(events[4]["ts"] == .101);
}

TEST_CASE("a span comes before those that it holds, so that viewers nest them") {
    CHECK(
        trace_problem(chrome_trace({span("step", 0, 0, 5), span("run", 0, 0, 9), span("step", 0, 5, 9)}, "")).empty());
    CHECK(trace_problem(chrome_trace({span("a", 0, 0, 5), span("b", 0, 3, 9)}, "")).starts_with("not nested"));
    CHECK(trace_problem(chrome_trace({}, "")) == "no event");
}
