#pragma once
#include <taxon/app/program/verb.hpp>

namespace taxon::app {

/// Adds the verbs that serve every kind of network: verify, convert, export-onnx, describe, inspect. One source file of
/// a program includes of_every_kind_definition.hpp.
void add_verbs_of_every_kind(Verbs& verbs);

}  // namespace taxon::app
