#pragma once
#include <optional>
#include <string>
#include <taxon/app/batch_range.hpp>
#include <taxon/app/json_file.hpp>
#include <taxon/app/network.hpp>
#include <taxon/app/version.hpp>

namespace taxon::app {

/// How ranges were found.
struct CalibrationFacts {
    std::string method, inputs;  ///< inputs: "pictures" or "generated"
    std::optional<double> percentile{};
    std::size_t samples = 0, values = 0;
    std::optional<int> equalised_pairs{};  ///< of convolutions, if asked for
};

/// What an off-line file says of itself, beside what the network needs. Nothing in it depends on time or place: equal commands write equal files on machines of one kind (answers in floats differ between instruction sets).
struct OfflineFacts {
    std::string family, variant, precision, preprocess;
    Shape input, output;
    BatchRange batch;
    std::string weights;  ///< the file they came from, without folders
    std::optional<CalibrationFacts> calibration;
};

inline Json json_of(const CalibrationFacts& facts) {
    Json json{{"method", facts.method}, {"inputs", facts.inputs}, {"samples", facts.samples}, {"values", facts.values}};
    if (facts.percentile) json["percentile"] = *facts.percentile;
    if (facts.equalised_pairs) json["equalised_pairs"] = *facts.equalised_pairs;
    return json;
}

inline Json json_of(const OfflineFacts& facts) {
    const auto sizes = [](Shape shape) { return Json{shape.channels, shape.height, shape.width}; };
    Json json{{"taxon", version},
              {"family", facts.family},
              {"variant", facts.variant},
              {"precision", facts.precision},
              {"preprocess", facts.preprocess},
              {"input", sizes(facts.input)},
              {"output", sizes(facts.output)},
              {"batch", {facts.batch.least, facts.batch.most}},
              {"weights", facts.weights}};
    if (facts.calibration) json["calibration"] = json_of(*facts.calibration);
    return json;
}

/// Reads what decides how a file is used; the rest is for people. Throws Fault::syntax, type or value.
inline OfflineFacts read_facts(std::string_view text, const std::filesystem::path& path) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) throw Error(Fault::syntax, {.file = path.string(), .place = "section 'facts'", .wanted = "a JSON object"});
    OfflineFacts facts;
    facts.family = json_field<std::string>(json, "family", path);
    facts.variant = json_field<std::string>(json, "variant", path);
    facts.precision = json_field<std::string>(json, "precision", path);
    facts.preprocess = json_field<std::string>(json, "preprocess", path);
    facts.weights = json_field<std::string>(json, "weights", path);
    const auto batch = json.find("batch");
    if (batch == json.end() || !batch->is_array() || batch->size() != 2 || !batch->at(0).is_number_integer() || !batch->at(1).is_number_integer())
        throw Error(Fault::type, {.file = path.string(), .place = "field \"batch\"", .wanted = "two whole numbers"});
    const auto least = batch->at(0).get<std::int64_t>(), most = batch->at(1).get<std::int64_t>();
    if (least < 1 || most > BatchRange::most_built || least > most)
        throw Error(Fault::value, {.file = path.string(), .place = "field \"batch\"", .found = std::to_string(least) + ":" + std::to_string(most), .wanted = "numbers from 1 to 256 in order"});
    facts.batch = {static_cast<int>(least), static_cast<int>(most)};
    return facts;
}

}  // namespace taxon::app
