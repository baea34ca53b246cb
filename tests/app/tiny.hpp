#pragma once
#include "app/program.hpp"

#include <span>
#include <taxon/app/model/calibration.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/io/synthetic_weights.hpp>

/// Runs the command line of a family of real networks in this process (see tiny.cpp). "tiny", 3 x 8 x 8 to 5 classes,
/// comes in float32, bfloat16, integers of 8 and 16 bits, and o2, which keeps layer 5 in floats; "other", a second
/// network, in float32; "lonely" in integers of 8 bits alone.
Outcome run_tiny(const std::vector<std::string>& arguments);
std::span<const taxon::app::ModelEntry> tiny_offers();

/// Generated inputs, each of its number.
inline taxon::app::CalibrationInputs generated_inputs(std::size_t count) {
    return {count, [](std::size_t i, std::span<float> to) {
                const auto numbers = taxon::io::synthetic_input(std::to_string(i), "input", to.size());
                std::copy(numbers.begin(), numbers.end(), to.begin());
            }};
}

/// Ten pictures of one colour each, a.bmp and further, half of them in a folder in the folder; and pictures.tsv, which
/// lists them in their order.
void write_pictures(const TestFolder& folder, const std::string& name);
