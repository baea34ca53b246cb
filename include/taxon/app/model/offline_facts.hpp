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

inline Json json_of(const CalibrationFacts& facts) {
    Json json = json_object(
        {{"method", facts.method}, {"inputs", facts.inputs}, {"samples", facts.samples}, {"values", facts.values}});
    if (facts.percentile) json["percentile"] = *facts.percentile;
    if (facts.equalised_pairs) json["equalised_pairs"] = *facts.equalised_pairs;
    return json;
}

/// What json_of(CalibrationFacts) made, for people: "calibrated 9 values by the method mse; inputs: 20 pictures".
inline std::string calibration_text(const Json& facts) {
    std::string text =
        fmt::format("calibrated {} by the method {}; inputs: {} {}",
                    plural(facts.at("values").get<std::int64_t>(), "value"), facts.at("method").get<std::string>(),
                    facts.at("samples").get<std::int64_t>(), facts.at("inputs").get<std::string>());
    if (facts.contains("equalised_pairs"))
        text += "; equalised " + plural(facts.at("equalised_pairs").get<std::int64_t>(), "pair") + " of convolutions";
    return text;
}

inline Json json_of(const OfflineFacts& facts) {
    const auto sizes = [](Shape shape) { return Json{shape.channels, shape.height, shape.width}; };
    Json json = json_object({{"taxon", version},
                             {"family", facts.family},
                             {"variant", facts.variant},
                             {"precision", facts.precision},
                             {"preprocess", facts.preprocess},
                             {"input", sizes(facts.input)},
                             {"output", sizes(facts.output)},
                             {"batch", {facts.batch.least, facts.batch.most}},
                             {"weights", facts.weights}});
    for (const auto& [field, kind, ports] :
         {std::tuple{"inputs", "input", facts.inputs}, {"outputs", "output", facts.outputs}})
        if (!ports.empty() && !ports.front().name.empty()) json[field] = json_of(ports, kind);
    if (!facts.size.empty()) json["size"] = facts.size;
    if (facts.sequence) json["sequence"] = {facts.sequence->least, facts.sequence->most};
    if (facts.letter_case) json["letters"] = text::name_of(*facts.letter_case);
    if (facts.calibration) json["calibration"] = json_of(*facts.calibration);
    return json;
}

namespace detail {

inline SizeRange range_of(const Json& json, const char* name, const SizeRange& built,
                          const std::filesystem::path& path) {
    const std::string place = "field \"" + std::string(name) + "\"";
    const auto field = json.find(name);
    if (field == json.end() || !field->is_array() || field->size() != 2 || !field->at(0).is_number_integer() ||
        !field->at(1).is_number_integer())
        throw Error(Fault::type, {.file = path.string(), .place = place, .wanted = "two whole numbers"});
    const auto least = field->at(0).get<std::int64_t>(), most = field->at(1).get<std::int64_t>();
    if (least < built.least || most > built.most || least > most)
        throw Error(Fault::value, {.file = path.string(),
                                   .place = place,
                                   .found = std::to_string(least) + ":" + std::to_string(most),
                                   .wanted = "numbers from " + built.text() + " in order"});
    return {static_cast<int>(least), static_cast<int>(most)};
}

}  // namespace detail

/// Reads the facts that decide how a file is used; the rest is for people. Throws Fault::type or value.
inline OfflineFacts read_facts(const Json& json, const std::filesystem::path& path) {
    OfflineFacts facts;
    facts.family = json_field<std::string>(json, "family", path);
    facts.variant = json_field<std::string>(json, "variant", path);
    if (json.contains("size")) facts.size = json_field<std::string>(json, "size", path);
    facts.precision = json_field<std::string>(json, "precision", path);
    facts.preprocess = json_field<std::string>(json, "preprocess", path);
    facts.weights = json_field<std::string>(json, "weights", path);
    if (const auto output = json.find("output");
        output != json.end() && output->is_array() && !output->empty() && output->front().is_number_unsigned() &&
        output->front().get<std::uint64_t>() <= std::numeric_limits<int>::max())
        facts.output.channels = output->front().get<int>();
    facts.batch = detail::range_of(json, "batch", built_batches, path);
    if (json.contains("sequence")) facts.sequence = detail::range_of(json, "sequence", built_lengths, path);
    if (json.contains("letters")) {
        const auto letter_case = json_field<std::string>(json, "letters", path);
        for (const auto known : {text::LetterCase::cased, text::LetterCase::uncased})
            if (letter_case == text::name_of(known)) facts.letter_case = known;
        if (!facts.letter_case)
            throw Error(Fault::value, {.file = path.string(),
                                       .place = "field \"letters\"",
                                       .found = "\"" + letter_case + "\"",
                                       .wanted = "cased or uncased"});
    }
    return facts;
}

}  // namespace taxon::app
