#pragma once
#include <taxon/app/model/model_entry.hpp>
#include <taxon/graph/graph.hpp>

namespace taxon::app {

/// A network on the Reference backend: the graph is data, so one compiled file (reference_network_definition.hpp)
/// serves all variants.
std::unique_ptr<AnyModel> load_reference(GraphView graph, void (*preprocess)(const Image&, PixelTarget),
                                         const WeightSource& source, const Settings& settings);

}  // namespace taxon::app
