#pragma once
#include <taxon/app/program/verb.hpp>
#include <taxon/app/run/sample_options.hpp>

namespace taxon::app {

/// Adds the verbs that serve every kind of network: verify, convert, export-onnx, describe, inspect, diff. One source
/// file of a program includes of_every_kind_definition.hpp. `samples`: makes the kind's options that name samples.
void add_verbs_of_every_kind(Verbs& verbs, const MakeSampleOptions& samples);

}  // namespace taxon::app
