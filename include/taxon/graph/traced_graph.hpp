#pragma once
#include <string>
#include <taxon/graph/graph.hpp>
#include <utility>
#include <vector>

namespace taxon {

/// A graph that is traced when the program runs, of a network that is not a type. The names of its ports must outlive
/// it.
class TracedGraph {
  public:
    /// `trace` is called twice with a Tracer.
    template <class Trace>
    TracedGraph(std::vector<Port> inputs, const Trace& trace) : inputs_(std::move(inputs)) {
        for (std::size_t i = 0; i < inputs_.size(); ++i) inputs_[i].node = static_cast<int>(i);
        Tracer counting(inputs_);
        trace(counting), counting.finish();
        problem_ = std::string(counting.problem().view());
        const Tracer::Counts counts = counting.counts();
        nodes_.resize(detail::size(counts.nodes)), operands_.resize(detail::size(counts.operands));
        parameters_.resize(detail::size(counts.parameters)), characters_.resize(detail::size(counts.characters));
        nests_.resize(detail::size(counts.nests));
        Tracer filling(inputs_,
                       {nodes_.data(), operands_.data(), parameters_.data(), characters_.data(), nests_.data()});
        trace(filling), filling.finish();
        outputs_.assign(filling.outputs().begin(), filling.outputs().end());
    }
    GraphView graph() const {
        return {nodes_, operands_, parameters_, {characters_.data(), characters_.size()}, inputs_, outputs_, nests_};
    }
    /// The first requirement of a layer that does not hold; empty for a network that fits.
    const std::string& problem() const { return problem_; }

  private:
    std::vector<Port> inputs_, outputs_{};
    std::vector<Node> nodes_{};
    std::vector<int> operands_{};
    std::vector<Parameter> parameters_{};
    std::vector<char> characters_{};
    std::vector<LoopNest> nests_{};
    std::string problem_{};
};

}  // namespace taxon
