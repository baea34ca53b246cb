#pragma once
#include <span>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/model/generated_sample.hpp>
#include <taxon/app/gen/golden.hpp>
#include <taxon/app/gen/options.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/run/ranking.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/io/offline_writer.hpp>
#include <taxon/app/console/wording.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// Extras of an offline file beside the network.
struct Extras {
    SizeRange batch = built_batches;
    std::optional<SizeRange> sequence{};  ///< lengths of texts, and the case of their vocabulary
    std::optional<text::LetterCase> letter_case{};
    std::vector<std::string> labels{};
    std::string vocabulary{}, added_tokens{};  ///< as sections of the file
};

namespace detail {

/// Pairs of generated inputs and the network's results. Throws CheckFailed for NaN or infinity in a result.
inline std::vector<std::vector<float>> golden_numbers(const AnyModel& network, const ModelEntry& entry) {
    std::vector<std::vector<float>> numbers;
    const auto workspace = network.make_workspace();
    for (int pair = 0; pair < golden_pairs; ++pair) {
        const int length = golden_length(entry.input);
        const auto input = generated_samples(golden_input(pair), entry, 1, length);
        std::vector<float> output(answer_size(entry, length)), kept;
        network.run(input, output, *workspace);
        rank(golden_input(pair), output, 1);
        for (const auto& some : golden_answers(output, entry.graph.outputs, length))
            kept.insert(kept.end(), some.begin(), some.end());
        numbers.push_back(entry.output.table ? std::vector<float>() : input), numbers.push_back(std::move(kept));
    }
    return numbers;
}

inline OfflineFacts facts_of(const Family& family, const ModelEntry& entry, const BoundModel& model,
                             const Extras& extras) {
    return {.family = std::string(family.name),
            .variant = std::string(entry.variant),
            .size = std::string(entry.size),
            .precision = std::string(entry.precision),
            .preprocess = std::string(entry.preprocess),
            .input = entry.input,
            .output = entry.output,
            .inputs = entry.graph.inputs,
            .outputs = entry.graph.outputs,
            .batch = extras.batch,
            .sequence = extras.sequence,
            .letter_case = extras.letter_case,
            .weights = model.weights,
            .calibration = model.calibration};
}

/// Reads back the file.
inline Json gen_json(const OfflineModel& written, const Json& facts) {
    Json json = json_object({{"file", written.path()},
                             {"bytes", std::filesystem::file_size(written.path())},
                             {"sections", Json::array()},
                             {"facts", facts}});
    for (const auto name : written.file()->names())
        json["sections"].push_back(json_object({{"name", name}, {"bytes", written.file()->located(name).size()}}));
    return json;
}

inline std::string lines_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

}  // namespace detail

/// The network that `model` asks for, to be written offline. Throws Fault::usage if that is not possible, or if an
/// output would overwrite another file, one of `inputs` among them; and as RequestedModel does.
inline RequestedModel packable_model(const Family& family, const GenOptions& options, const ModelOptions& model,
                                     std::vector<NamedFile> inputs = {}) {
    require_replaceable("--output", options.output);
    inputs.insert(inputs.end(), {{"--weights", model.weights},
                                 {"--labels", options.labels},
                                 {"--calibration-file", options.model.calibration.table}});
    require_outputs({{"--output", options.output}, options.report.file()}, inputs);
    RequestedModel requested(family, model);
    if (requested.offline())
        throw Error(
            Fault::usage,
            {.place = "--weights", .found = "an offline file already", .wanted = "a checkpoint to make one from"});
    const ModelEntry& entry = requested.entry();
    if (entry.open == nullptr || entry.by_layer)
        throw Error(Fault::usage, {.place = "gen",
                                   .found = "--backend " + std::string(entry.backend) + " --execution " +
                                            std::string(entry.execution),
                                   .wanted = "the cpu backend, fused"});
    require_other_file(model.weights, options.output);
    return requested;
}

/// Writes the file with golden pairs and extras, reads it back and lists its contents.
inline Json write_offline(const std::string& path, const Family& family, const ModelEntry& entry,
                          const BoundModel& bound, const Extras& extras) {
    const auto golden = detail::golden_numbers(*bound.network, entry);
    const Json facts = json_of(detail::facts_of(family, entry, bound, extras));
    const std::string facts_text = facts.dump(2, ' ', false, Json::error_handler_t::replace) + "\n",
                      labels = detail::lines_of(extras.labels);
    std::vector<std::string> golden_names;
    for (int pair = 0; pair < golden_pairs; ++pair)
        golden_names.push_back(golden_input(pair)), golden_names.push_back(golden_output(pair));

    std::vector<io::OfflineSection> sections{{OfflineModel::facts_section, std::as_bytes(std::span(facts_text))}};
    if (!labels.empty()) sections.push_back({OfflineModel::labels_section, std::as_bytes(std::span(labels))});
    for (const auto& [name, text] : {std::pair{OfflineModel::vocabulary_section, std::string_view(extras.vocabulary)},
                                     {OfflineModel::added_tokens_section, std::string_view(extras.added_tokens)}})
        if (!text.empty()) sections.push_back({name, std::as_bytes(std::span(text))});
    for (std::size_t i = 0; i < golden.size(); ++i)
        if (!golden[i].empty()) sections.push_back({golden_names[i], std::as_bytes(std::span(golden[i]))});
    bound.network->save(path, sections);
    Json json = detail::gen_json(OfflineModel(path), facts);
    bound.describe(json);
    return json;
}

/// The listing for people. `weights`: where they came from.
inline std::string readable_offline(const Json& json, std::string_view weights) {
    const auto fact = [&](const char* name) { return json.at("facts").at(name).get<std::string>(); };
    std::string text =
        fmt::format("{}: {} {}{}, {}, of {}, {}\n", printable(json.at("file").get<std::string>()), fact("family"),
                    fact("variant"), json.at("facts").contains("size") ? " " + fact("size") : "", fact("precision"),
                    printable(weights), readable_bytes(json.at("bytes").get<std::int64_t>()));
    for (const Json& section : json.at("sections"))
        text += fmt::format("  {:<16} {:>12}\n", section.at("name").get<std::string>(),
                            readable_bytes(section.at("bytes").get<std::int64_t>()));
    const Json& facts = json.at("facts");
    if (facts.contains("calibration")) text += calibration_text(facts.at("calibration")) + "\n";
    return text;
}

/// Reports the written file. `more`: a suffix for people.
inline void report(const Json& json, std::string_view weights, const ReportOptions& options, Console& console,
                   const std::string& more = {}) {
    print_result(options, console, readable_offline(json, weights) + more, [&] { return json; });
}

}  // namespace taxon::app
