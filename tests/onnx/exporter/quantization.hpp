#pragma once
#include "backend/step_by_step.hpp"

/// The .onnx file of a network of 8-bit integers, both forms, written, read back and run, against the network itself:
/// weights and a sample that depend on `seed` alone. Answers may differ by a quarter of a step, 1/255 of their range:
/// sums in another order, or halves that the file has as float32, move a stored value to the next step of its grid now
/// and then, which moved them by 0.08 steps at most. Weights that should be rounded and are not move them by 0.6.
void check_file(const Candidate& c, const std::string& seed);
