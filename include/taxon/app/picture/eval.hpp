#pragma once
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/run/answers.hpp>
#include <taxon/app/model/class_names.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/picture/classification_report.hpp>
#include <taxon/app/eval/evaluate.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/picture/calibration.hpp>
#include <taxon/app/picture/tensor.hpp>
#include <taxon/app/picture/unreadable_pictures.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/app/run/ranking.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/eval/dataset.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/model/description.hpp>
#include <taxon/app/program/verb.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// The verb `eval` of picture classifiers.
struct ClassifierEvalOptions : EvalOptions {
    std::string labels;
    ReadingOptions reading{};
};

namespace detail {

inline eval::ClassificationScore score(const AnyModel& network, const ModelEntry& entry,
                                       const EvalInputs<eval::LabelledPicture>& inputs, const PictureReader& reader,
                                       UnreadablePictures& unreadable, const EvalOptions& options, WorkerPool& workers,
                                       Console& console) {
    std::mutex counting;
    eval::ClassificationScore score;
    const auto note = [&] {
        const std::lock_guard lock(counting);
        return fmt::format("top-1 {:.2f}%", 100 * score.top1());
    };
    Progress progress(console, options.report.quiet, "pictures", inputs.total(), note, inputs.done_before);
    const auto& pictures = inputs.entries;
    const auto file = [&](std::size_t i) -> const std::filesystem::path& { return pictures[i].file; };
    const auto prepare = [&](std::size_t i, std::span<float> tensor) {
        return unreadable.attempt(i, file(i).string(), [&] { read_tensor(network, entry, reader, file(i), tensor); });
    };
    const auto see = [&](std::size_t i, auto, std::span<const float> output) {
        checked_result(file(i).string(), [&] {
            const std::lock_guard lock(counting);
            score.add(output, pictures[i].label);
        });
        progress.advance(1);
    };
    answer_inputs(network, entry, pictures.size(), static_cast<std::size_t>(options.batch), workers, prepare, see,
                  progress.stop());
    unreadable.check(pictures.size());
    return score;
}

}  // namespace detail

/// Scores a data set of pictures.
struct ClassifierEval final : Verb {
    ClassifierEvalOptions given;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "eval", "Score a data set: top-1 and top-5 accuracy");
        verb->add_option(
                "--dataset", given.dataset,
                "A folder with one subfolder of pictures per class (sorted bytewise), or lines of picture file, tab, "
                "class number")
            ->type_name("DIR_OR_FILE");
        add_model_options(*verb, family, given.model);
        add_calibration_options(*verb, family, given.model.calibration);
        verb->add_option("--labels", given.labels, "Class names, one per line, as many as the network has")
            ->type_name("FILE");
        add_reading_options(*verb, given.reading, false);
        add_skip_option(*verb, given.reading);
        add_eval_options(*verb, given, "picture");
        add_report_options(*verb, given.report);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        ClassifierEvalOptions options = given;
        options.require_dataset("a folder or a file");
        const Share share = options.share.share(console, options.report.quiet);
        share.name("--json", options.report.json);
        require_outputs({options.report.file()}, {{"--weights", options.model.weights},
                                                  {"--labels", options.labels},
                                                  {"--dataset", options.dataset},
                                                  {"--calibration-file", options.model.calibration.table}});
        const RequestedModel model(family, options.model);
        const ModelEntry& entry = model.entry();
        require_single_ports(entry, "eval");
        if (is_regression(entry))
            throw Error(Fault::usage, {.place = "eval",
                                       .found = "a network with one output, a regression",
                                       .wanted = "a network with several classes"});
        model.names(options.labels);
        auto dataset = eval::read_dataset(options.dataset, entry.output.size());
        if (!dataset.empty_classes.empty() && !options.report.quiet)
            console.err << plural(static_cast<std::int64_t>(dataset.empty_classes.size()), "class folder")
                        << " without pictures: " << listed(dataset.empty_classes) << '\n';
        auto inputs = eval_inputs(std::move(dataset.pictures), options.share, share, "picture",
                                  [](Digest& digest, const eval::LabelledPicture& picture) {
                                      digest.add(picture.file.filename().string());
                                      digest.add(static_cast<std::uint64_t>(picture.label));
                                  });
        inputs.options = reading_text(options.reading);
        const PictureReader reader(options.reading);
        UnreadablePictures unreadable(options.reading.skip_unreadable);
        return evaluate<eval::ClassificationScore>(
            family, model, options, std::move(inputs), picture_calibration(options.model, {}, reader), console,
            [&](const AnyModel& network, WorkerPool& workers, const EvalInputs<eval::LabelledPicture>& rest) {
                return detail::score(network, entry, rest, reader, unreadable, options, workers, console);
            },
            [&](auto& result) {
                result.skipped = Skipped{dataset.ignored, unreadable.list(), "not picture files"};
                result.jpeg_decoder = name_of(preprocess::usual_jpeg_decoder);
            });
    }
};

}  // namespace taxon::app
