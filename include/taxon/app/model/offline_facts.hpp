#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/model/ports.hpp>
#include <tuple>
#include <taxon/app/model/size_range.hpp>
#include <taxon/app/console/version.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// The calibration that found the ranges.
struct CalibrationFacts {
    std::string method, inputs;  ///< inputs: "pictures", "texts" or "generated"
    std::optional<double> percentile{};
    std::size_t samples = 0, values = 0;
    std::size_t values_by_channel = 0;     ///< those of them whose channels have factors
    std::optional<int> equalised_pairs{};  ///< of convolutions, if requested
};

/// Facts in an offline file beside the network. Nothing in it depends on time or place: equal commands write equal
/// files on machines of one kind (float results differ between instruction sets).
struct OfflineFacts {
    std::string family, variant, size{}, precision, preprocess;  ///< size: empty if the variant has only one
    Shape input, output;                                         ///< the first ones; read: only the output's channels
    std::span<const Port> inputs, outputs{};                     ///< written only; stored where they have names
    SizeRange batch = built_batches;
    std::optional<SizeRange> sequence{};            ///< lengths of texts, in tokens
    std::optional<text::LetterCase> letter_case{};  ///< of the vocabulary in the file
    std::string weights;                            ///< the source file, without folders
    std::optional<CalibrationFacts> calibration;
};

Json json_of(const CalibrationFacts& facts);

/// What json_of(CalibrationFacts) made, for people: "calibrated 9 values by the method mse; inputs: 20 pictures".
std::string calibration_text(const Json& facts);

Json json_of(const OfflineFacts& facts);

/// Reads the facts that decide how a file is used; the rest is for people. Throws Fault::type or value.
OfflineFacts read_facts(const Json& json, const std::filesystem::path& path);

}  // namespace taxon::app
