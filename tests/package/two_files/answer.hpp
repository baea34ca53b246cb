#pragma once
#include <every_header.hpp>
#include <every_header.hpp>

#include <vector>

/// Computed by both files, each with its own flags.
struct Network {
    static constexpr taxon::Shape input{3, 9, 9};
    using Layers = taxon::Sequential<taxon::Conv2d<3, 8, 3>, taxon::BatchNorm2d<8>, taxon::HardSwish,
                                     taxon::Conv2d<8, 8, 3, 2, 8>, taxon::GlobalAveragePool, taxon::Linear<8, 5>>;
    static constexpr void trace(taxon::Tracer& tracer) { Layers::trace(tracer); }
};

/// By the same kernels, so the flags may only make a difference in how the compiler rounds.
inline constexpr auto compute = [] {
    const auto model =
        taxon::Model<Network>::load(taxon::io::SyntheticWeights(), {.isa = taxon::cpu::Isa::portable, .threads = 1});
    return model(taxon::io::synthetic_input("", "input", 3 * 9 * 9));
};

/// Computed in other.cpp.
std::vector<float> other_answer();
