#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>
#include <taxon/graph/tracer.hpp>
#include <taxon/plan/planner.hpp>

#include "catch.hpp"

/// The graph and the plan of one layer, made at run time: trace(tracer) traces it on an input of this shape.
class SingleLayer {
  public:
    template <class Trace>
    SingleLayer(taxon::Shape input, Trace&& trace) : input_{taxon::Port{.shape = input}} {
        taxon::Tracer tracer(input_, {nodes_.data(), operands_.data(), parameters_.data(), characters_.data()});
        trace(tracer);
        tracer.finish();
        REQUIRE(tracer.problem().view() == "");
        REQUIRE(tracer.counts().nodes == 2);
        output_ = {tracer.outputs().front()};
        parameter_count_ = static_cast<std::size_t>(tracer.counts().parameters);
        plan_ = taxon::detail::Fuser<2, operand_room>(graph(), true, taxon::DataTypes{}).plan();
        taxon::detail::allocate_by_live_range(plan_);
        taxon::detail::lay_out_weights(plan_);
    }
    SingleLayer(const SingleLayer&) = delete;
    SingleLayer& operator=(const SingleLayer&) = delete;

    taxon::GraphView graph() const {
        return {
            nodes_, operands_, std::span(parameters_).first(parameter_count_), {characters_.data(), characters_.size()},
            input_, output_};
    }
    taxon::PlanView plan() const { return plan_.view(); }

  private:
    /// More than there are: GCC 12 takes the sorting of fewer than 16 buffers for an overrun.
    static constexpr std::size_t operand_room = 16;

    std::array<taxon::Port, 1> input_, output_{};
    std::array<taxon::Node, 2> nodes_{};
    std::array<int, 1> operands_{};
    std::array<taxon::Parameter, 2> parameters_{};
    std::array<char, 64> characters_{};
    std::size_t parameter_count_ = 0;
    taxon::detail::Plan<2, operand_room> plan_{};
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
