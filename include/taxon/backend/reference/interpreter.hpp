#pragma once
#include <memory>
#include <span>

#include <taxon/core/separate_compilation.hpp>
#include <taxon/core/weight_source.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/graph/layer_visitor.hpp>

namespace taxon::reference {

class Network;

/// A network as data, with its parameters: one formula per operation, in the author's order, in double, keeping every
/// value. Shapes are run-time numbers, so this is compiled once and not once per network.
class Interpreter {
  public:
    Interpreter(GraphView graph, const WeightSource& source);

    /// Rows of the word embeddings; 0 if there are none.
    int words() const;

    /// Runs one sample, (C, H, W) or `length` tokens of features, with attention limited to the first `valid` (0: all);
    /// the output likewise. Several inputs lie one after the other, and so do outputs.
    void run(std::span<const float> sample, std::span<float> output, int length, int valid = 0) const;

    /// Passes the value of every node to `see`.
    void walk(std::span<const float> sample, int length, const LayerVisitor& see) const;

  private:
    std::shared_ptr<const Network> network_;
};

}  // namespace taxon::reference

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/backend/reference/impl/interpreter.ipp>
#endif
