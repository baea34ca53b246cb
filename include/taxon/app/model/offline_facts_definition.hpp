#pragma once
#include <taxon/app/model/offline_facts.hpp>

/// Definitions for offline_facts.hpp, compiled once for all kinds of programs.
namespace taxon::app {

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

Json json_of(const CalibrationFacts& facts) {
    Json json = json_object(
        {{"method", facts.method}, {"inputs", facts.inputs}, {"samples", facts.samples}, {"values", facts.values}});
    if (facts.values_by_channel > 0) json["values_by_channel"] = facts.values_by_channel;
    if (facts.percentile) json["percentile"] = *facts.percentile;
    if (facts.equalised_pairs) json["equalised_pairs"] = *facts.equalised_pairs;
    return json;
}

std::string calibration_text(const Json& facts) {
    std::string text =
        fmt::format("calibrated {} by the method {}; inputs: {} {}",
                    plural(facts.at("values").get<std::int64_t>(), "value"), facts.at("method").get<std::string>(),
                    facts.at("samples").get<std::int64_t>(), facts.at("inputs").get<std::string>());
    if (facts.contains("values_by_channel"))
        text +=
            fmt::format("; of {} with a factor for each channel", facts.at("values_by_channel").get<std::int64_t>());
    if (facts.contains("equalised_pairs"))
        text += "; equalised " + plural(facts.at("equalised_pairs").get<std::int64_t>(), "pair") + " of convolutions";
    return text;
}

Json json_of(const OfflineFacts& facts) {
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

OfflineFacts read_facts(const Json& json, const std::filesystem::path& path) {
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
