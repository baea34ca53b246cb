#pragma once
#include <span>
#include <taxon/core/weight_source.hpp>
#include <taxon/graph/graph.hpp>

/// Error bound of a network in single precision against the Reference backend, which computes in double: an estimate
/// that follows the graph.
///
/// Every value has a magnitude m (its largest number, from Reference), a mean square r^2 and an error e. With u =
/// 2^-24, half a unit in the last place of 1:
///   convolution, linear   e' = |w| e + u sqrt(d + 2) (|w| r + |b|), the largest over the outputs; |w| is the length of
///                         an output's weights, d their number. Roundings are independent, so the errors of d additions
///                         grow with sqrt(d), and so do inherited ones. Winograd's sums, where the planner takes them,
///                         have 2.2 times the error, by a simulation of 256 channels.
///   normalisations        the error times the factor, plus a rounding of every number that takes part
///   activations           the steepest slope times e, plus what the polynomials promise
///   sums, gates           the errors of both sides, a gate's times the magnitude
///   boxes                 of a centre the steepest slope, 1/2 for a cell of one, times e, and of a size
///                         2 sqrt(3) / 9 times 4, or e^m, times e; and the roundings of the results
///   means                 e + u sqrt(pixels) m
///   attention             e, and scores that are wrong by s = 2 r e + u sqrt(d) r^2 make weights that are wrong by
///                         2 s of themselves
/// Errors of one size in all numbers are pessimistic; `four_sigma` covers the largest of many.
class ErrorBound {
  public:
    ErrorBound(taxon::GraphView graph, const taxon::WeightSource& source, std::span<const float> sample, int length);

    /// Of the network's output.
    double error() const { return error_; }
    double magnitude() const { return magnitude_; }

  private:
    double error_, magnitude_;
};

/// An activation's steepest slope: 1.13, of SiLU, unless a number of its own is steeper.
double steepest_slope(const taxon::Activation& function);

/// How far an activation of numbers up to `m` in magnitude may lie from its formula, as kernel/activation.inl states; 0
/// if only a rounding is to be expected.
double approximation(const taxon::Activation& function, double m);
