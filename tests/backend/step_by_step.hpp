#pragma once
#include <taxon/number/range.hpp>

#include "backend/against_reference.hpp"

/// The range of every value of a network for one sample, by Reference; a little narrower, so that some numbers lie
/// beyond.
taxon::quantize::Ranges ranges_of(taxon::GraphView graph, const taxon::WeightSource& weights,
                                  std::span<const float> sample, int length);

/// A network of any precision with weights and an input that depend on `seed` alone, on every instruction set: each
/// step against the formula; the same bytes however it is cut into parts and whatever lay in the memory; of integers
/// the same bytes on all sets with fused multiplications. Smaller floats are held to Reference as a whole as well: each
/// step rounds values and weights by u, 2^-11 or 2^-8 of themselves, roundings are independent, and layers hand
/// relative errors on as they are; four deviations.
void check_steps(const Candidate& c, const std::string& seed, int length = 0);

/// The same with other weights.
void check_steps(const Candidate& c, const std::string& seed, const taxon::WeightSource& weights, int length = 0);
