#pragma once
#include <taxon/graph/graph.hpp>

#include "app/program.hpp"

/// Runs the command line of a family of networks over tensors in this process (see program.cpp). "eyes", the default,
/// has inputs "near" (3 x 16 x 22) and "far" (2 x 8 x 11), outputs "features", "map" and "scores", in float32, in 8-bit
/// integers and on the Reference backend; "line" has one input of 4 numbers and one output of 3, without names.
Outcome run_tensors(const std::vector<std::string>& arguments);
/// The network of "eyes".
taxon::GraphView tensor_graph();

/// Runs that of a network that was an .onnx file, of inputs "ids", int64 (2, 2), and "unused", and outputs "numbers",
/// float16 (3, 1), "a:b", int64 (1, 2, 2), and "a/b", bool (4): max(ids, 0) both. `weights`: the family's file of them.
Outcome run_typed_tensors(const std::vector<std::string>& arguments, const std::string& weights = "");

/// The family of run_tensors as one of picture classifiers.
Outcome run_tensors_as_pictures(const std::vector<std::string>& arguments);
