#pragma once
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/eval/shards.hpp>
#include <taxon/app/eval/skipped.hpp>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// Reporting of a kind of score: `noun` of what is counted, `json(score)` its metrics and their counts, `read(json,
/// path)` the score from those counts, and `readable(score)` lines for people.
template <class Score>
struct ScoreReport;

/// The result of `eval` for a data set or some of its shards.
template <class Score>
struct Evaluation {
    std::string family, variant, precision, backend, execution, isa;
    std::string size{};            ///< of pictures, if the variant has several
    std::string weights, dataset;  ///< without folders, which differ between machines
    std::string calibration{};     ///< the calibration method, if any
    Shards shards;
    std::size_t dataset_size = 0;        ///< inputs of all shards together
    std::vector<std::string> remarks{};  ///< about the weights
    std::optional<Skipped> skipped{};    ///< of pictures
    std::vector<std::string> misfits{};  ///< pictures of another size than the annotations say
    std::string jpeg_decoder{};          ///< of pictures
    Score score{};
};

namespace detail {

/// Fields in which two results must agree to be merged.
template <class Score, class E = Evaluation<Score>>
inline constexpr std::pair<const char*, std::string E::*> evaluation_identity[] = {
    {"family", &E::family},       {"variant", &E::variant}, {"precision", &E::precision},     {"backend", &E::backend},
    {"execution", &E::execution}, {"weights", &E::weights}, {"calibration", &E::calibration}, {"dataset", &E::dataset}};

}  // namespace detail

template <class Score>
Json json_of(const Evaluation<Score>& result) {
    Json json = ScoreReport<Score>::json(result.score);
    json["n"] = result.score.n();
    json["shard"] = result.shards.text();
    json["dataset_size"] = result.dataset_size;
    for (const auto& [name, field] : detail::evaluation_identity<Score>) json[name] = result.*field;
    json["isa"] = result.isa;
    if (!result.size.empty()) json["size"] = result.size;
    if (!result.remarks.empty()) json["remarks"] = result.remarks;
    if (!result.jpeg_decoder.empty()) json["jpeg_decoder"] = result.jpeg_decoder;
    if (result.skipped) add_skipped(json, *result.skipped);
    if (!result.misfits.empty()) json["size_mismatches"] = result.misfits;
    return json;
}

/// Reads what json_of wrote. Throws Fault::io, syntax, type, or value if the counts contradict each other.
template <class Score>
Evaluation<Score> read_evaluation(const std::filesystem::path& path) {
    const Json json = read_json(path);
    Evaluation<Score> result;
    for (const auto& [name, field] : detail::evaluation_identity<Score>)
        result.*field = json_field<std::string>(json, name, path);
    result.isa = json_field<std::string>(json, "isa", path);
    if (json.contains("size")) result.size = json_field<std::string>(json, "size", path);
    if (json.contains("jpeg_decoder")) result.jpeg_decoder = json_field<std::string>(json, "jpeg_decoder", path);
    if (json.contains("skipped")) result.skipped = read_skipped(json, path);
    if (const auto misfits = json.find("size_mismatches"); misfits != json.end())
        for (const Json& one : *misfits)
            result.misfits.push_back(one.is_string() ? one.get<std::string>() : one.dump());
    result.dataset_size = json_field<std::size_t>(json, "dataset_size", path);
    const auto text = json_field<std::string>(json, "shard", path);
    const auto shards = Shards::parse(text);
    if (!shards)
        throw Error(Fault::value,
                    {.file = path.string(), .place = "field \"shard\"", .found = "\"" + text + "\"", .wanted = "I/N"});
    result.shards = *shards;
    try {
        result.score = ScoreReport<Score>::read(json, path);
    } catch (const Error& error) { throw error.in_file(path.string()); }
    const auto all = shards->size(result.dataset_size), unread = result.skipped ? result.skipped->unreadable.size() : 0;
    if (result.score.n() + unread != all)
        throw Error(Fault::value, {.file = path.string(),
                                   .place = "field \"n\"",
                                   .found = std::to_string(result.score.n()),
                                   .wanted = std::to_string(all) + ", which is what shard " + text + " has" +
                                             (unread == 0 ? "" : ", less its unreadable pictures")});
    return result;
}

/// Merges the counts of `more`, which came from `path`. Throws Fault::mismatch for another network or data set,
/// Fault::overlap for a shard that is already in.
template <class Score>
void merge(Evaluation<Score>& sum, const Evaluation<Score>& more, const std::filesystem::path& path) {
    const auto refuse = [&](Fault fault, std::string_view place, std::string_view found, std::string_view wanted) {
        throw Error(fault, {.file = path.string(),
                            .place = place,
                            .found = found,
                            .wanted = wanted,
                            .remedy = "merge the results of one run, of each shard once"});
    };
    for (const auto& [name, field] : detail::evaluation_identity<Score>)
        if (sum.*field != more.*field)
            refuse(Fault::mismatch, "field \"" + std::string(name) + "\"", "\"" + more.*field + "\"",
                   "\"" + sum.*field + "\" as in the first file");
    if (sum.size != more.size)
        refuse(Fault::mismatch, "field \"size\"", "\"" + more.size + "\"", "\"" + sum.size + "\" as in the first file");
    if (sum.dataset_size != more.dataset_size)
        refuse(Fault::mismatch, "field \"dataset_size\"", std::to_string(more.dataset_size),
               std::to_string(sum.dataset_size) + " as in the first file");
    if (sum.shards.of != more.shards.of)
        refuse(Fault::mismatch, "field \"shard\"", more.shards.text(), "a part of " + std::to_string(sum.shards.of));
    if (sum.shards.overlap(more.shards))
        refuse(Fault::overlap, "field \"shard\"", more.shards.text() + ", which is counted already", "another shard");
    sum.shards.join(more.shards);
    sum.score.merge(more.score);
    if (sum.isa != more.isa) sum.isa = "several";
    if (sum.jpeg_decoder != more.jpeg_decoder) sum.jpeg_decoder = "several";
    if (!sum.skipped) sum.skipped = more.skipped;
    else if (more.skipped) sum.skipped->merge(*more.skipped);
    sum.misfits.insert(sum.misfits.end(), more.misfits.begin(), more.misfits.end());
    std::sort(sum.misfits.begin(), sum.misfits.end());
}

template <class Score>
std::string readable(const Evaluation<Score>& result) {
    std::string text = ScoreReport<Score>::readable(result.score);
    if (!result.shards.complete())
        text += fmt::format("shard {}: {} of {} {}s\n", result.shards.text(), result.score.n(), result.dataset_size,
                            ScoreReport<Score>::noun);
    if (result.skipped) text += readable(*result.skipped);
    if (result.misfits.empty()) return text;
    constexpr std::size_t shown = 5;
    text += plural(static_cast<std::int64_t>(result.misfits.size()), "picture") +
            " whose size differs from the annotated one, so boxes cannot match; see --exif:\n";
    for (std::size_t i = 0; i < std::min(shown, result.misfits.size()); ++i)
        text += "  " + printable(result.misfits[i]) + "\n";
    if (result.misfits.size() > shown) text += "  and " + std::to_string(result.misfits.size() - shown) + " more\n";
    return text;
}

}  // namespace taxon::app
