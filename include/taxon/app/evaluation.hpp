#pragma once
#include <filesystem>
#include <string>
#include <taxon/app/json_file.hpp>
#include <taxon/app/shards.hpp>
#include <taxon/eval/classification.hpp>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// What `eval` found, of a data set or of some shards of it.
struct Evaluation {
    std::string family, variant, precision, backend, execution, isa;
    std::string weights, dataset;  ///< without folders, which differ from machine to machine
    std::string calibration{};     ///< how ranges were found, if they were
    Shards shards;
    std::size_t dataset_size = 0;  ///< pictures of all shards together
    eval::ClassificationScore score{};
};

namespace detail {

/// What two results must share before they are added.
inline constexpr std::pair<const char*, std::string Evaluation::*> evaluation_identity[] = {
    {"family", &Evaluation::family},   {"variant", &Evaluation::variant},     {"precision", &Evaluation::precision},
    {"backend", &Evaluation::backend}, {"execution", &Evaluation::execution}, {"weights", &Evaluation::weights},
    {"calibration", &Evaluation::calibration}, {"dataset", &Evaluation::dataset}};

}  // namespace detail

inline Json json_of(const Evaluation& result) {
    const auto& score = result.score;
    Json json{{"n", score.n()},
              {"top1", score.top1()},
              {"top5", score.top5()},
              {"top1_count", score.right_first()},
              {"top5_count", score.right_in_five()},
              {"shard", result.shards.text()},
              {"dataset_size", result.dataset_size}};
    for (const auto& [name, field] : detail::evaluation_identity) json[name] = result.*field;
    json["isa"] = result.isa;
    return json;
}

/// Reads what json_of wrote. Throws Fault::io, syntax, type, or value where the counts contradict each other.
inline Evaluation read_evaluation(const std::filesystem::path& path) {
    const Json json = read_json(path);
    Evaluation result;
    for (const auto& [name, field] : detail::evaluation_identity) result.*field = json_field<std::string>(json, name, path);
    result.isa = json_field<std::string>(json, "isa", path);
    result.dataset_size = json_field<std::size_t>(json, "dataset_size", path);
    const auto text = json_field<std::string>(json, "shard", path);
    const auto shards = Shards::parse(text);
    if (!shards)
        throw Error(Fault::value, {.file = path.string(), .place = "field \"shard\"", .found = "\"" + text + "\"", .wanted = "I/N"});
    result.shards = *shards;
    const auto count = [&](const char* name) { return json_field<std::uint64_t>(json, name, path); };
    try {
        result.score = {count("n"), count("top1_count"), count("top5_count")};
    } catch (const Error& error) { throw error.in_file(path.string()); }
    if (const auto wanted = shards->size(result.dataset_size); result.score.n() != wanted)
        throw Error(Fault::value, {.file = path.string(),
                                   .place = "field \"n\"",
                                   .found = std::to_string(result.score.n()),
                                   .wanted = std::to_string(wanted) + ", which is what shard " + text + " has"});
    return result;
}

/// Adds the counts of `more`, which came from `path`. Throws Fault::mismatch for another network or data set, Fault::overlap for a shard
/// that is in already.
inline void merge(Evaluation& sum, const Evaluation& more, const std::filesystem::path& path) {
    const auto refuse = [&](Fault fault, std::string place, std::string found, std::string wanted) {
        throw Error(fault, {.file = path.string(), .place = std::move(place), .found = std::move(found), .wanted = std::move(wanted)});
    };
    for (const auto& [name, field] : detail::evaluation_identity)
        if (sum.*field != more.*field)
            refuse(Fault::mismatch, "field \"" + std::string(name) + "\"", "\"" + more.*field + "\"",
                   "\"" + sum.*field + "\" as in the first file");
    if (sum.dataset_size != more.dataset_size)
        refuse(Fault::mismatch, "field \"dataset_size\"", std::to_string(more.dataset_size),
               std::to_string(sum.dataset_size) + " as in the first file");
    if (sum.shards.of != more.shards.of)
        refuse(Fault::mismatch, "field \"shard\"", more.shards.text(), "a part of " + std::to_string(sum.shards.of));
    if (sum.shards.overlap(more.shards))
        refuse(Fault::overlap, "field \"shard\"", more.shards.text() + ", of which pictures are counted already", "another shard");
    sum.shards.join(more.shards);
    sum.score.merge(more.score);
    if (sum.isa != more.isa) sum.isa = "several";
}

inline std::string readable(const Evaluation& result) {
    const auto& score = result.score;
    std::string text = fmt::format("top-1  {:6.2f}%  ({} of {})\ntop-5  {:6.2f}%  ({} of {})\n", 100 * score.top1(), score.right_first(),
                                   score.n(), 100 * score.top5(), score.right_in_five(), score.n());
    if (!result.shards.complete())
        text += fmt::format("shard {}: {} of {} pictures\n", result.shards.text(), score.n(), result.dataset_size);
    return text;
}

}  // namespace taxon::app
