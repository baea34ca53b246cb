#pragma once
#include <memory>
#include <taxon/app/detector/scores.hpp>
#include <taxon/app/gen/comparison.hpp>
#include <taxon/app/model/calibration.hpp>
#include <taxon/detect/agreement.hpp>
#include <taxon/eval/coco.hpp>

namespace taxon::app {

/// Compares detectors by COCO's AP on annotated pictures. `annotated` and `reader` must outlive it.
inline Comparison precision_of_boxes(const AnnotatedPictures& annotated, const PictureReader& reader) {
    Comparison comparison{
        .kind = "pictures of the data set", .count = annotated.pictures.size(), .metric = {.key = "AP", .name = "AP"}};
    comparison.judge = [&](std::span<const AnyModel* const> networks, const ModelEntry& entry, WorkerPool& workers,
                           Progress& progress) {
        std::vector<Verdict> verdicts;
        for (const AnyModel* network : networks) {
            UnreadablePictures unreadable(false);
            const auto scores =
                scores_of(*network, entry, annotated, reader, unreadable, detect::evaluation, 1, workers, progress);
            require_all(scores.matches.n(), annotated.pictures.size(), "comparison");
            const double AP = eval::coco_figures(scores.matches).values.front();
            verdicts.push_back({.drop = 100 * ((verdicts.empty() ? AP : *verdicts.front().score) - AP), .score = AP});
        }
        return verdicts;
    };
    return comparison;
}

/// Compares detectors by the boxes of the profile `demo` that they share with float32.
inline Comparison agreement_of_boxes(CalibrationInputs inputs) {
    Comparison comparison{.kind = inputs.kind == "generated" ? "generated inputs" : "calibration " + inputs.kind,
                          .count = inputs.count,
                          .metric = {.change = "boxes that only one of this precision and float32 finds, percent"}};
    comparison.judge = [inputs = std::move(inputs)](std::span<const AnyModel* const> networks, const ModelEntry& entry,
                                                    WorkerPool& workers, Progress& progress) {
        const auto boxes_of = [&](const AnyModel& network) {
            std::vector<std::vector<detect::Detection>> boxes(inputs.count);
            const std::size_t done = answer_inputs(
                network, entry, inputs.count, 1, workers,
                [&](std::size_t i, std::span<float> tensor) {
                    std::vector<float> input(tensor.size());
                    inputs.prepare(i, input);
                    std::copy(input.begin(), input.end(), tensor.begin());
                    return true;
                },
                [&](std::size_t i, auto, std::span<const float> table) {
                    boxes[i] = detections_of("input " + std::to_string(i), table, entry, detect::demo,
                                             fit_of(entry, entry.input.height, entry.input.width));
                    progress.advance(1);
                },
                progress.stop());
            require_all(done, inputs.count, "comparison");
            return boxes;
        };
        const auto floats = boxes_of(*networks.front());
        std::vector<Verdict> verdicts(1);
        for (const AnyModel* network : networks.subspan(1)) {
            const auto others = boxes_of(*network);
            detect::Agreement agreement;
            for (std::size_t i = 0; i < inputs.count; ++i) add(agreement, floats[i], others[i]);
            verdicts.push_back({.drop = 100 * agreement.different()});
        }
        return verdicts;
    };
    return comparison;
}

}  // namespace taxon::app
