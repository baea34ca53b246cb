#pragma once
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <taxon/app/answers.hpp>
#include <taxon/app/class_names.hpp>
#include <taxon/app/console.hpp>
#include <taxon/app/evaluation.hpp>
#include <taxon/app/measurement.hpp>
#include <taxon/app/options.hpp>
#include <taxon/app/picture_tensor.hpp>
#include <taxon/app/progress.hpp>
#include <taxon/app/ranking.hpp>
#include <taxon/app/requested_model.hpp>
#include <taxon/eval/classification.hpp>
#include <taxon/eval/dataset.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

struct EvalOptions {
    ModelOptions model;
    ReportOptions report;
    std::string dataset, labels, shard = "0/1";
    int batch = 1;
    std::optional<int> threads;
    std::optional<int> limit;
};

inline CLI::App* add_eval(CLI::App& program, const Family& family, EvalOptions& options) {
    auto* verb = program.add_subcommand("eval", "Score a data set: top-1 and top-5 accuracy");
    verb->add_option("--dataset", options.dataset,
                     "A folder with a folder of pictures per class (sorted bytewise), or lines of picture file, tab, class number")
        ->type_name("DIR_OR_FILE");
    add_model_options(*verb, family, options.model);
    add_calibration_options(*verb, options.model.calibration);
    verb->add_option("--labels", options.labels, "The classes' names, a line each: their number must be the network's")->type_name("FILE");
    verb->add_option("--limit", options.limit, "Only the first N pictures")->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}))->type_name("N");
    verb->add_option("--shard", options.shard, "Only every N-th picture, from the I-th on; I counts from 0")
        ->type_name("I/N")
        ->capture_default_str();
    add_batch_option(*verb, options.batch, "Pictures that are run together, 1 to 256");
    add_threads_option(*verb, options.threads, "Threads that share the pictures. Default: what affinity and cgroup quota allow");
    add_report_options(*verb, options.report);
    return verb;
}

namespace detail {

/// The part of a data set that this run scores.
struct Share {
    std::size_t dataset_size = 0, passed_over = 0;
    std::vector<eval::LabelledPicture> pictures;
};

inline Share share_of(const EvalOptions& options, const Offer& offer, const Shards& shards) {
    auto dataset = eval::read_dataset(options.dataset, offer.output.size());
    const auto pictures = options.limit ? eval::limit(dataset.pictures, *options.limit) : std::move(dataset.pictures);
    Share share{pictures.size(), dataset.ignored,
                eval::shard(pictures, static_cast<int>(shards.parts.front()), static_cast<int>(shards.of))};
    if (share.pictures.empty())
        throw Error(Fault::usage, {.place = "--shard",
                                   .found = shards.text() + " of " + plural(static_cast<std::int64_t>(share.dataset_size), "picture") +
                                            ", which is empty"});
    return share;
}

inline eval::ClassificationScore score(const Network& network, const Offer& offer, const Share& share, const EvalOptions& options,
                                       Crew& crew, Console& console) {
    std::mutex counting;
    eval::ClassificationScore score;
    Progress progress(console, options.report.quiet, "pictures", share.pictures.size(), [&] {
        const std::lock_guard lock(counting);
        return fmt::format("top-1 {:.2f}%", 100 * score.top1());
    });
    const auto file = [&](std::size_t i) -> const std::filesystem::path& { return share.pictures[i].file; };
    const auto prepare = [&](std::size_t i, std::span<float> tensor) { read_tensor(network, offer, file(i), tensor); };
    answer_inputs(network, offer, share.pictures.size(), static_cast<std::size_t>(options.batch), crew, prepare,
                  [&](std::size_t i, auto, std::span<const float> output) {
                      checked_result(file(i).string(), [&] {
                          const std::lock_guard lock(counting);
                          score.add(output, share.pictures[i].label);
                      });
                      progress.advance(1);
                  });
    return score;
}

}  // namespace detail

/// The verb `eval`. Returns the exit code.
inline int run_eval(const Family& family, const EvalOptions& options, Console& console) {
    if (options.dataset.empty())
        throw Error(
            Fault::usage,
            {.place = "--dataset", .found = "nothing", .wanted = "a folder or a file", .remedy = "eval merge A.json B.json joins results"});
    require_outputs({{"--json", options.report.json}}, {{"--weights", options.model.weights}, {"--labels", options.labels}, {"--dataset", options.dataset},
                                                        {"--calibration-file", options.model.calibration.table}});
    const auto shards = Shards::parse(options.shard);
    if (!shards || shards->parts.size() != 1 || shards->of > 1'000'000)
        throw Error(Fault::usage, {.place = "--shard", .found = "'" + options.shard + "'", .wanted = "I/N with I from 0 to N - 1"});
    const RequestedModel model(family, options.model);
    const Offer& offer = model.offer();
    model.names(options.labels);
    const auto share = detail::share_of(options, offer, *shards);
    if (share.passed_over > 0 && !options.report.quiet)
        console.err << plural(static_cast<std::int64_t>(share.passed_over), "file") << " passed over: not named like pictures\n";

    model.require_batch(options.batch, share.pictures.size());
    model.check();
    const auto [network, weights, calibration] = model.bind(1, {}, console, options.report.quiet);
    Evaluation result{.family = std::string(family.name),
                      .variant = std::string(offer.variant),
                      .precision = std::string(offer.precision),
                      .backend = std::string(offer.backend),
                      .execution = std::string(offer.execution),
                      .isa = std::string(network->isa()),
                      .weights = weights,
                      .dataset = without_folders(options.dataset),
                      .calibration = calibration ? json_of(*calibration).dump() : "",
                      .shards = *shards,
                      .dataset_size = share.dataset_size};
    Crew crew(
        std::min(options.threads.value_or(cpu::usable_processors()), static_cast<int>(std::min<std::size_t>(share.pictures.size(), 1024))));
    const auto start = std::chrono::steady_clock::now();
    result.score = detail::score(*network, offer, share, options, crew, console);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

    if (!options.report.json.empty()) write_json(options.report.json, json_of(result));
    if (!options.report.quiet)
        console.out << description_of(family, offer, network->isa()) << '\n'
                    << readable(result)
                    << fmt::format("{:.1f} pictures/s, {:.1f} s, {}\n", static_cast<double>(result.score.n()) / seconds, seconds,
                                   plural(crew.size(), "thread"));
    return 0;
}

}  // namespace taxon::app
