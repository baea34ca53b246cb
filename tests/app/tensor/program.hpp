#pragma once
#include <taxon/graph/graph.hpp>

#include "app/program.hpp"

/// Runs the command line of a family of networks over tensors in this process (see program.cpp). "eyes", the default,
/// has inputs "near" (3 x 16 x 22) and "far" (2 x 8 x 11), outputs "features", "map" and "scores", in float32, in 8-bit
/// integers and on the Reference backend; "line" has one input of 4 numbers and one output of 3, without names.
Outcome run_tensors(const std::vector<std::string>& arguments);
/// The network of "eyes".
taxon::GraphView tensor_graph();

/// The same family as one of picture classifiers.
Outcome run_tensors_as_pictures(const std::vector<std::string>& arguments);
