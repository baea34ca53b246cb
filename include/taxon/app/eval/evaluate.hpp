#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/groups.hpp>
#include <taxon/app/console/thread_notes.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/eval/evaluation.hpp>
#include <taxon/app/eval/options.hpp>
#include <taxon/app/model/description.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/shard/digest.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// What of a data set is to be scored: the entries of a share, without those that an earlier run has done.
template <class Entry>
struct EvalInputs {
    std::vector<Entry> entries;
    Share share;
    std::size_t of_all = 0;       ///< entries of all shares together
    std::string digest{};         ///< of all
    std::string options{};        ///< that a result depends on, for people
    std::size_t done_before = 0;  ///< entries of the share that an earlier run has done

    std::size_t total() const { return done_before + entries.size(); }
};

/// The first --limit entries of a data set, and the share's part of them. add(digest, entry) adds what identifies an
/// entry on any machine. Throws Fault::usage if the share is empty.
template <class Entry, class Add>
EvalInputs<Entry> eval_inputs(std::vector<Entry> all, const ShareOptions& options, const Share& share,
                              const std::string& noun, Add&& add) {
    options.cut(all);
    Digest digest;
    for (const Entry& entry : all) add(digest, entry);
    return {share.of(all, noun), share, all.size(), digest.text()};
}

/// Prints and writes the result; it took `seconds` to score what is not `done_before`.
template <class Score>
void report(const Evaluation<Score>& result, const std::string& description, const ReportOptions& options,
            double seconds, std::size_t done_before, int threads, Console& console) {
    std::string text = description + "\n" + readable(result);
    if (const std::size_t scored = result.done() - done_before; scored > 0)
        text += fmt::format("{:.1f} {}s/s, {:.1f} s, {}\n", static_cast<double>(scored) / seconds,
                            ScoreReport<Score>::noun, seconds, plural(threads, "thread"));
    print_result(options, console, text, [&] { return json_of(result); });
}

namespace detail {

/// The result of an earlier run to go on from: that of --resume, or the share that a requeued job finds. Throws
/// Fault::mismatch if it is of another run.
template <class Score>
std::optional<Evaluation<Score>> earlier_result(const Evaluation<Score>& run, const EvalOptions& options,
                                                const Share& share, Console& console) {
    const bool resumes = !options.resume.empty();
    const std::string& file = resumes ? options.resume : options.report.json;
    std::error_code ignored;
    if (!resumes && (!share.stated() || !std::filesystem::is_regular_file(file, ignored))) return std::nullopt;
    auto earlier = read_evaluation<Score>(file);
    constexpr std::string_view remedy = "give the options of that run, or another name";
    require_same_run(run, earlier, file, "this run", remedy);
    if (earlier.shards.text() != run.shards.text())
        throw Error(Fault::mismatch, {.file = file,
                                      .place = "field \"shard\"",
                                      .found = earlier.shards.text(),
                                      .wanted = run.shards.text() + " as in this run",
                                      .remedy = remedy});
    if (!options.report.quiet)
        console.err << printable(file) << ": "
                    << (earlier.complete ? std::string("complete already, and kept")
                                         : fmt::format("goes on after {} of {}", earlier.done(), earlier.total()))
                    << '\n';
    return earlier;
}

/// Adds what the earlier run has scored, which comes first in the order of the inputs.
template <class Score>
void go_on(Evaluation<Score>& result, const Evaluation<Score>& earlier) {
    auto unreadable = earlier.skipped ? earlier.skipped->unreadable : std::vector<Skipped::Unreadable>();
    if (result.skipped)
        unreadable.insert(unreadable.end(), result.skipped->unreadable.begin(), result.skipped->unreadable.end());
    add_counts(result, earlier);
    if (result.skipped) result.skipped->unreadable = std::move(unreadable);
}

}  // namespace detail

/// Binds the network, scores the inputs with score(network, workers, inputs), and reports, after add_facts(result) has
/// added what else was found. Goes on from an earlier result if there is one. Returns the exit code.
template <class Score, class Entry, class Scoring>
int evaluate(const Family& family, const RequestedModel& model, const EvalOptions& options, EvalInputs<Entry> inputs,
             const CalibrationSource& calibration, Console& console, Scoring score,
             const std::function<void(Evaluation<Score>&)>& add_facts = {}) {
    model.require_batch(options.batch, inputs.entries.size());
    model.check();
    const ModelEntry& entry = model.entry();
    const auto bound = model.bind(1, calibration, console, options.report.quiet);
    const auto start = std::chrono::steady_clock::now();
    Evaluation<Score> result{.family = std::string(family.name),
                             .variant = std::string(entry.variant),
                             .precision = std::string(entry.precision),
                             .backend = std::string(entry.backend),
                             .execution = std::string(entry.execution),
                             .isa = std::string(bound.network->isa()),
                             .size = std::string(entry.size),
                             .weights = bound.weights,
                             .dataset = without_folders(options.dataset),
                             .calibration = bound.calibration ? json_of(*bound.calibration).dump() : "",
                             .options = inputs.options,
                             .weights_digest = weights_digest(family, model, options.model),
                             .dataset_digest = inputs.digest,
                             .shards = inputs.share.shards(),
                             .dataset_size = inputs.of_all,
                             .remarks = bound.remarks};
    const auto earlier = detail::earlier_result(result, options, inputs.share, console);
    if (earlier) {
        inputs.done_before = earlier->done();
        inputs.entries.erase(inputs.entries.begin(),
                             inputs.entries.begin() + static_cast<std::ptrdiff_t>(inputs.done_before));
    }
    int threads = 1;
    if (earlier && inputs.entries.empty()) {
        result = *earlier;
        result.remarks = bound.remarks;
    } else {
        WorkerPool workers(
            worker_count(inputs.entries.size(), static_cast<std::size_t>(options.batch), options.threads));
        tell_threads(options.threads, workers.wanted(), workers.size(), console, options.report.quiet);
        threads = workers.size();
        result.score = score(*bound.network, workers, std::as_const(inputs));
        if (add_facts) add_facts(result);
        if (earlier) detail::go_on(result, *earlier);
        result.complete = result.done() == result.total();
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    report(result, description_of(family, entry, bound.network->isa()), options.report, seconds, inputs.done_before,
           threads, console);
    return 0;
}

}  // namespace taxon::app
