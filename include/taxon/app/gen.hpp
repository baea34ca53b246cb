#pragma once
#include <span>
#include <string>
#include <taxon/app/console.hpp>
#include <taxon/app/gen_options.hpp>
#include <taxon/app/json_file.hpp>
#include <taxon/app/level_report.hpp>
#include <taxon/app/levelling.hpp>
#include <taxon/app/measurement.hpp>
#include <taxon/app/ranking.hpp>
#include <taxon/app/requested_model.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

/// Generated inputs of a network and its answers, one pair after the other. Throws CheckFailed if an answer is not made of numbers.
inline std::vector<std::vector<float>> golden_numbers(const Network& network, const Offer& offer) {
    std::vector<std::vector<float>> numbers;
    const auto scratch = network.scratch();
    for (int pair = 0; pair < golden_pairs; ++pair) {
        const auto input = io::synthetic_input(golden_input(pair), "input", static_cast<std::size_t>(offer.input.size()));
        std::vector<float> output(static_cast<std::size_t>(offer.output.size()));
        network.run(input, output, *scratch);
        rank(golden_input(pair), output, 1);
        numbers.push_back(input), numbers.push_back(std::move(output));
    }
    return numbers;
}

inline OfflineFacts facts_of(const Family& family, const Offer& offer, const BoundModel& model, BatchRange batch) {
    return {.family = std::string(family.name), .variant = std::string(offer.variant), .precision = std::string(offer.precision), .preprocess = std::string(offer.preprocess),
            .input = offer.input, .output = offer.output, .batch = batch, .weights = model.weights, .calibration = model.calibration};
}

/// What was written, read again.
inline Json gen_json(const OfflineModel& written, const Json& facts) {
    Json json{{"file", written.path()}, {"bytes", std::filesystem::file_size(written.path())}, {"sections", Json::array()}, {"facts", facts}};
    for (const auto name : written.file()->names()) json["sections"].push_back({{"name", name}, {"bytes", written.file()->located(name).size()}});
    return json;
}

inline std::string readable(const Json& json, const OfflineModel& written, std::string_view weights) {
    std::string text = fmt::format("{}: {}, of {}, {}\n", printable(written.path()), written.title(), printable(weights), readable_bytes(json.at("bytes").get<std::int64_t>()));
    for (const Json& section : json.at("sections"))
        text += fmt::format("  {:<16} {:>12}\n", section.at("name").get<std::string>(), readable_bytes(section.at("bytes").get<std::int64_t>()));
    const Json& facts = json.at("facts");
    if (facts.contains("calibration")) {
        const Json& calibration = facts.at("calibration");
        text += fmt::format("calibrated {} with {} {} by the method {}", plural(calibration.at("values").get<std::int64_t>(), "value"), calibration.at("samples").get<std::int64_t>(),
                            calibration.at("inputs").get<std::string>(), calibration.at("method").get<std::string>());
        if (calibration.contains("equalised_pairs"))
            text += fmt::format("; equalised {}", plural(calibration.at("equalised_pairs").get<std::int64_t>(), "pair") + " of convolutions");
        text += "\n";
    }
    return text;
}

/// What to choose a row of the table by: with --level, float32's, which the others are compared with.
inline ModelOptions requested(const GenOptions& options) {
    ModelOptions model = options.model;
    if (options.level.empty()) return model;
    model.calibration.require_sense();
    model.calibration = {};
    model.precision = precision::Float32::name;
    return model;
}

}  // namespace detail

/// The verb `gen`. The model is written once everything about it went well, and whole or not at all. Returns the exit code.
inline int run_gen(const Family& family, const GenOptions& options, Console& console) {
    require_outputs({{"--output", options.output}, {"--json", options.report.json}},
                    {{"--weights", options.model.weights}, {"--labels", options.labels}, {"--calibration-file", options.model.calibration.table}});
    const BatchRange batch = options.batch();
    const RequestedModel model(family, detail::requested(options));
    if (model.offline()) throw Error(Fault::usage, {.place = "--weights", .found = "an off-line file already", .wanted = "a checkpoint to make one from"});
    if (model.offer().open == nullptr || model.offer().by_layer)
        throw Error(Fault::usage, {.place = "gen", .found = "--backend " + std::string(model.offer().backend) + " --execution " + std::string(model.offer().execution),
                                   .wanted = "the cpu backend, fused"});
    require_other_file(options.model.weights, options.output);
    const ClassNames names = model.names(options.labels);
    std::optional<LevelledModel> levelled;
    std::optional<BoundModel> as_asked;
    if (options.level.empty()) as_asked = model.bind(1, {}, console, options.report.quiet);
    else levelled = levelled_model(family, model.offer(), options, console);
    const BoundModel& bound = levelled ? levelled->choice().model : *as_asked;
    const Offer& offer = levelled ? *levelled->choice().offer : model.offer();

    const auto golden = detail::golden_numbers(*bound.network, offer);
    const Json facts = json_of(detail::facts_of(family, offer, bound, batch));
    const std::string facts_text = facts.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    std::string labels;
    for (std::size_t i = 0; i < names.size(); ++i) labels += names.of(static_cast<int>(i)) + "\n";
    std::vector<std::string> golden_names;
    for (int pair = 0; pair < golden_pairs; ++pair) golden_names.push_back(golden_input(pair)), golden_names.push_back(golden_output(pair));

    std::vector<io::OfflineSection> sections{{OfflineModel::facts_section, std::as_bytes(std::span(facts_text))}};
    if (!names.empty()) sections.push_back({OfflineModel::labels_section, std::as_bytes(std::span(labels))});
    for (std::size_t i = 0; i < golden.size(); ++i) sections.push_back({golden_names[i], std::as_bytes(std::span(golden[i]))});
    bound.network->save(options.output, sections);

    const OfflineModel written(options.output);
    Json json = detail::gen_json(written, facts);
    if (levelled) json["level"] = json_of(*levelled);
    if (!options.report.json.empty()) write_json(options.report.json, json);
    if (!options.report.quiet) console.out << detail::readable(json, written, bound.weights) << (levelled ? "\n" + readable(*levelled) : "");
    return 0;
}

}  // namespace taxon::app
