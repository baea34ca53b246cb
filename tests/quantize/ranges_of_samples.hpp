#pragma once
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/quantize/calibrate.hpp>

/// Samples that depend on `salt` alone, one after the other.
template <class M>
std::vector<float> samples_of(const char* salt, std::size_t count) {
    return taxon::io::synthetic_input(salt, "input", count * static_cast<std::size_t>(M::input_shape.size()));
}

/// The ranges of a network's values over samples.
template <class M>
taxon::quantize::Ranges ranges_of_samples(const taxon::WeightSource& weights, std::span<const float> samples) {
    taxon::quantize::Calibrator<M> calibrator(weights);
    const auto size = static_cast<std::size_t>(M::input_shape.size());
    for (std::size_t at = 0; at < samples.size(); at += size) calibrator.observe(samples.subspan(at, size));
    return calibrator.ranges();
}
