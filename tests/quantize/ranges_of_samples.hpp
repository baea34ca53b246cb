#pragma once
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/quantize/calibrate.hpp>

/// Samples that depend on `salt` alone.
template <class M>
std::vector<std::vector<float>> samples_of(const char* salt, std::size_t count) {
    const auto size = static_cast<std::size_t>(M::input_shape.size());
    const auto numbers = taxon::io::synthetic_input(salt, "input", count * size);
    std::vector<std::vector<float>> samples;
    for (auto at = numbers.begin(); at != numbers.end(); at += static_cast<std::ptrdiff_t>(size))
        samples.emplace_back(at, at + static_cast<std::ptrdiff_t>(size));
    return samples;
}

/// The ranges of a network's values over samples.
template <class M>
taxon::quantize::Ranges ranges_of_samples(const taxon::WeightSource& weights,
                                          std::span<const std::vector<float>> samples) {
    taxon::quantize::Calibrator<M> calibrator(weights);
    for (const auto& sample : samples) calibrator.observe(sample);
    return calibrator.ranges();
}
