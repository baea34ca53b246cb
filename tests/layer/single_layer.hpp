#pragma once
#include <cmath>
#include <span>
#include <taxon/graph/traced_graph.hpp>
#include <taxon/plan/owned_plan.hpp>

#include "catch.hpp"

/// The graph and the plan of one layer, made at run time: trace(tracer) traces it on an input of this shape.
class SingleLayer {
  public:
    template <class Trace>
    SingleLayer(taxon::Shape input, Trace&& trace)
        : traced_({taxon::Port{.shape = input}}, trace), plan_(taxon::plan_at_run_time(traced_.graph())) {
        REQUIRE(traced_.problem() == "");
        REQUIRE(traced_.graph().nodes.size() == 2);
    }
    SingleLayer(const SingleLayer&) = delete;
    SingleLayer& operator=(const SingleLayer&) = delete;

    taxon::GraphView graph() const { return traced_.graph(); }
    taxon::PlanView plan() const { return plan_.view(); }

  private:
    taxon::TracedGraph traced_;
    taxon::OwnedPlan plan_;
};

/// The largest difference between numbers; NaN if one of them is.
inline double apart(std::span<const float> found, std::span<const float> wanted) {
    double most = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const double difference = std::abs(static_cast<double>(found[i]) - static_cast<double>(wanted[i]));
        most = difference <= most ? most : difference;
    }
    return most;
}
