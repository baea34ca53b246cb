#pragma once
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/shard/shards.hpp>
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
    std::string options{};         ///< others that a result depends on
    /// of the weights' numbers and of the list of all inputs, see Digest
    std::string weights_digest{}, dataset_digest{};
    Shards shards;
    bool complete = true;                ///< false if it was stopped: the result covers the first inputs of its share
    std::size_t dataset_size = 0;        ///< inputs of all shards together
    std::vector<std::string> remarks{};  ///< about the weights
    std::optional<Skipped> skipped{};    ///< of pictures
    std::vector<std::string> misfits{};  ///< pictures of another size than the annotations say
    std::string jpeg_decoder{};          ///< of pictures
    Score score{};

    std::size_t unreadable() const { return skipped ? skipped->unreadable.size() : 0; }
    /// Inputs that are in the result, or were found unreadable.
    std::size_t done() const { return static_cast<std::size_t>(score.n()) + unreadable(); }
    /// Inputs of its shards.
    std::size_t total() const { return shards.size(dataset_size); }
};

namespace detail {

/// Fields in which two results must agree to be merged.
template <class Score, class E = Evaluation<Score>>
inline constexpr std::pair<const char*, std::string E::*> evaluation_identity[] = {
    {"family", &E::family},
    {"variant", &E::variant},
    {"precision", &E::precision},
    {"backend", &E::backend},
    {"execution", &E::execution},
    {"weights", &E::weights},
    {"calibration", &E::calibration},
    {"dataset", &E::dataset},
    {"options", &E::options},
    {"weights_digest", &E::weights_digest},
    {"dataset_digest", &E::dataset_digest}};

}  // namespace detail

template <class Score>
Json json_of(const Evaluation<Score>& result) {
    Json json = ScoreReport<Score>::json(result.score);
    json["n"] = result.score.n();
    json["complete"] = result.complete;
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
    result.complete = json_field<bool>(json, "complete", path);
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
    const std::size_t total = result.total();
    if (result.complete ? result.done() != total : result.done() >= total)
        throw Error(Fault::value, {.file = path.string(),
                                   .place = "field \"n\"",
                                   .found = std::to_string(result.score.n()),
                                   .wanted = (result.complete ? "" : "less than ") + std::to_string(total) +
                                             ", which is what shard " + text + " has" +
                                             (result.unreadable() == 0 ? "" : ", less its unreadable pictures")});
    return result;
}

namespace detail {

/// Throws Fault::mismatch, naming the field, if `more`, which came from `path`, is of another network or data set.
template <class Score>
void require_same_run(const Evaluation<Score>& one, const Evaluation<Score>& more, const std::filesystem::path& path,
                      std::string_view where, std::string_view remedy) {
    const auto same = [&](std::string_view name, const std::string& wanted, const std::string& found) {
        if (wanted != found)
            throw Error(Fault::mismatch, {.file = path.string(),
                                          .place = "field \"" + std::string(name) + "\"",
                                          .found = "\"" + found + "\"",
                                          .wanted = "\"" + wanted + "\" as in " + std::string(where),
                                          .remedy = remedy});
    };
    for (const auto& [name, field] : evaluation_identity<Score>) same(name, one.*field, more.*field);
    same("size", one.size, more.size);
    same("dataset_size", std::to_string(one.dataset_size), std::to_string(more.dataset_size));
}

/// Adds the counts of other inputs of the same run.
template <class Score>
void add_counts(Evaluation<Score>& sum, const Evaluation<Score>& more) {
    sum.score.merge(more.score);
    if (sum.isa != more.isa) sum.isa = "several";
    if (sum.jpeg_decoder != more.jpeg_decoder) sum.jpeg_decoder = "several";
    if (!sum.skipped) sum.skipped = more.skipped;
    else if (more.skipped) sum.skipped->merge(*more.skipped);
    sum.misfits.insert(sum.misfits.end(), more.misfits.begin(), more.misfits.end());
    std::sort(sum.misfits.begin(), sum.misfits.end());
}

}  // namespace detail

/// Merges the counts of `more`, which came from `path`. Throws Fault::mismatch for another network or data set,
/// Fault::overlap for a shard that is already in, Fault::value for one that was stopped.
template <class Score>
void merge(Evaluation<Score>& sum, const Evaluation<Score>& more, const std::filesystem::path& path) {
    constexpr std::string_view remedy = "merge the results of one run, of each shard once";
    const auto refuse = [&](Fault fault, std::string_view found, std::string_view wanted) {
        throw Error(
            fault,
            {.file = path.string(), .place = "field \"shard\"", .found = found, .wanted = wanted, .remedy = remedy});
    };
    detail::require_same_run(sum, more, path, "the first file", remedy);
    if (sum.shards.of != more.shards.of)
        refuse(Fault::mismatch, more.shards.text(), "a part of " + std::to_string(sum.shards.of));
    if (sum.shards.overlap(more.shards))
        refuse(Fault::overlap, more.shards.text() + ", which is counted already", "another shard");
    sum.shards.join(more.shards);
    detail::add_counts(sum, more);
}

template <class Score>
std::string readable(const Evaluation<Score>& result) {
    std::string text = ScoreReport<Score>::readable(result.score);
    if (!result.complete)
        text += fmt::format("stopped after {} of {} {}s; --resume goes on from a --json FILE\n", result.done(),
                            result.total(), ScoreReport<Score>::noun);
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
