#pragma once
#include <algorithm>
#include <bit>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/detector/coco_report.hpp>
#include <taxon/app/detector/detecting.hpp>
#include <taxon/app/detector/profile_options.hpp>
#include <taxon/app/detector/scores.hpp>
#include <taxon/app/eval/evaluate.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/eval/coco_dataset.hpp>
#include <taxon/eval/coco_detections.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/model/description.hpp>
#include <taxon/app/program/verb.hpp>
#include <vector>

namespace taxon::app {

/// The verb `eval` of detectors.
struct DetectorEvalOptions : EvalOptions {
    ProfileOptions profile;
    std::string annotations, detections;
    ReadingOptions reading{};
    bool per_class = false;
    const CLI::App* verb = nullptr;  ///< to see which options were given
};

namespace detail {

/// Scores the detections in a file. Returns the exit code.
inline int eval_detections(const Family& family, const DetectorEvalOptions& options,
                           const eval::CocoAnnotations& annotations, Console& console) {
    for (const CLI::Option* option : options.verb->get_options())
        if (option->count() > 0 && !option->check_name("--annotations") && !option->check_name("--detections") &&
            !option->check_name("--per-class") && !option->check_name("--json") && !option->check_name("--quiet") &&
            !option->check_name("--isa"))
            throw Error(Fault::usage, {.place = "--detections",
                                       .found = option->get_name() + " as well",
                                       .wanted = "either detections, or a network and pictures"});
    const auto start = std::chrono::steady_clock::now();
    const auto [detections, left_out] = eval::read_coco_detections(options.detections, annotations);
    if (left_out > 0 && !options.report.quiet)
        console.err << plural(static_cast<std::int64_t>(left_out), "detection")
                    << " left out: of categories that are not annotated\n";
    Evaluation<CocoScore> result{.family = std::string(family.name),
                                 .variant = {},
                                 .precision = {},
                                 .backend = {},
                                 .execution = {},
                                 .isa = {},
                                 .weights = without_folders(options.detections),
                                 .dataset = without_folders(options.annotations),
                                 .shards = {},
                                 .dataset_size = detections.size(),
                                 .score = {eval::CocoMatches(annotations), options.per_class}};
    for (std::size_t i = 0; i < detections.size(); ++i) result.score.matches.add(annotations, i, detections[i]);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    report(result, "detections of " + printable(without_folders(options.detections)), options.report, seconds, 0, 1,
           console);
    return 0;
}

}  // namespace detail

namespace detail {

/// Adds an annotated image and its objects, but not its pixels.
inline void add_annotated(Digest& digest, const eval::CocoAnnotations& annotations, std::size_t image) {
    const auto& [id, file, width, height] = annotations.images()[image];
    digest.add(id), digest.add(file);
    for (const eval::CocoObject& object : annotations.objects(image)) {
        digest.add(annotations.categories()[object.category].id);
        digest.add(object.crowd ? 1u : 0u);
        const auto& box = object.box;
        for (const double number : {box.left, box.top, box.width, box.height, object.area})
            digest.add(std::bit_cast<std::uint64_t>(number));
    }
}

}  // namespace detail

/// Scores a data set of pictures, or given detections.
struct DetectorEval final : Verb {
    DetectorEvalOptions given;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "eval", "Score a data set: COCO's twelve figures");
        verb->add_option("--dataset", given.dataset, "The folder of the pictures that --annotations lists")
            ->type_name("DIR");
        verb->add_option(
                "--annotations", given.annotations,
                "COCO annotations, such as instances_val2017.json; class i of the network is the i-th category by "
                "ascending id")
            ->type_name("FILE.json");
        verb->add_option("--detections", given.detections,
                         "Instead of a data set and a network: detections to score, in COCO's results format")
            ->type_name("FILE.json");
        verb->add_flag("--per-class", given.per_class, "Also report AP and AP50 per category");
        add_model_options(*verb, family, given.model);
        add_calibration_options(*verb, family, given.model.calibration);
        add_profile_options(*verb, given.profile, detect::evaluation);
        add_reading_options(*verb, given.reading, true);
        add_skip_option(*verb, given.reading);
        add_eval_options(*verb, given, "picture");
        add_report_options(*verb, given.report);
        given.verb = verb;
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        DetectorEvalOptions options = given;
        const Share share = options.share.share(console, options.report.quiet);
        share.name("--json", options.report.json);
        if (options.annotations.empty())
            throw Error(Fault::usage, {.place = "--annotations",
                                       .found = "nothing",
                                       .wanted = "COCO's annotations",
                                       .remedy = "eval merge A.json B.json joins results"});
        require_outputs({options.report.file()}, {{"--weights", options.model.weights},
                                                  {"--annotations", options.annotations},
                                                  {"--detections", options.detections},
                                                  {"--calibration-file", options.model.calibration.table}});
        const eval::CocoAnnotations annotations = eval::CocoAnnotations::read(options.annotations);
        if (!options.detections.empty()) return detail::eval_detections(family, options, annotations, console);
        options.require_dataset("the pictures' folder");
        const RequestedModel model(family, options.model);
        const ModelEntry& entry = model.entry();
        require_single_ports(entry, "eval");
        const auto categories = categories_of_classes(entry, annotations, model, options.annotations);
        auto dataset = eval::read_coco_dataset(options.dataset, annotations);
        auto inputs =
            eval_inputs(std::move(dataset.pictures), options.share, share, "picture",
                        [&](Digest& digest, const eval::LabelledPicture& picture) {
                            detail::add_annotated(digest, annotations, static_cast<std::size_t>(picture.label));
                        });
        const detect::Profile profile = options.profile.profile();
        inputs.options = fmt::format("profile {}, confidence {}, overlap {}, {}", options.profile.name,
                                     profile.confidence, profile.overlap, reading_text(options.reading));
        const PictureReader reader(options.reading);
        UnreadablePictures unreadable(options.reading.skip_unreadable);
        std::vector<std::string> misfits;
        return evaluate<CocoScore>(
            family, model, options, std::move(inputs), picture_calibration(options.model, {}, reader), console,
            [&](const AnyModel& network, WorkerPool& workers,
                const EvalInputs<eval::LabelledPicture>& rest) -> CocoScore {
                const AnnotatedPictures annotated{annotations, categories, rest.entries};
                Progress progress(console, options.report.quiet, "pictures", rest.total(), {}, rest.done_before);
                auto scores = scores_of(network, entry, annotated, reader, unreadable, profile,
                                        static_cast<std::size_t>(options.batch), workers, progress);
                misfits = std::move(scores.misfits);
                return {std::move(scores.matches), options.per_class};
            },
            [&](auto& result) {
                result.skipped = Skipped{dataset.ignored, unreadable.list(), "not annotated"};
                result.misfits = misfits;
                result.jpeg_decoder = name_of(preprocess::usual_jpeg_decoder);
            });
    }
};

}  // namespace taxon::app
