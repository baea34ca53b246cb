#pragma once
#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <taxon/app/console/progress.hpp>
#include <taxon/app/detector/detecting.hpp>
#include <taxon/eval/coco_annotations.hpp>
#include <taxon/eval/coco_detections.hpp>
#include <taxon/eval/coco_matches.hpp>
#include <taxon/eval/dataset.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// The category of each class of a network: the i-th by ascending id; where the annotations have fewer, that of the
/// same name, and none for classes that are not annotated, whose detections do not count. Throws Fault::mismatch for a
/// category that is no class.
inline std::vector<std::optional<std::size_t>> categories_of_classes(const ModelEntry& entry,
                                                                     const eval::CocoAnnotations& annotations,
                                                                     const RequestedModel& model,
                                                                     const std::string& file) {
    const auto classes = static_cast<std::size_t>(entry.output.channels) - detect::columns_before_classes,
               count = annotations.categories().size();
    std::vector<std::optional<std::size_t>> categories(classes);
    auto names = model.offline() ? model.offline()->labels() : std::vector<std::string>();
    if (names.empty()) names = detect::coco_labels(classes);
    if (count > classes || (count < classes && names.size() != classes))
        throw Error(Fault::mismatch, {.file = file,
                                      .place = "categories",
                                      .found = std::to_string(count),
                                      .wanted = std::to_string(classes) + ", one for each class of the network"});
    for (std::size_t i = 0; i < count; ++i) {
        const auto& name = annotations.categories()[i].name;
        const auto of_name = count == classes ? names.end() : std::find(names.begin(), names.end(), name);
        if (count < classes && of_name == names.end())
            throw Error(Fault::mismatch,
                        {.file = file,
                         .place = "categories",
                         .found = "'" + name + "', the name of no class, among " + std::to_string(count),
                         .wanted = "the classes' own names, or all " + std::to_string(classes)});
        categories[count == classes ? i : static_cast<std::size_t>(of_name - names.begin())] = i;
    }
    return categories;
}

/// Pictures with what COCO's annotations say of them, and the category of each class of the network.
struct AnnotatedPictures {
    eval::CocoAnnotations annotations;
    std::vector<std::optional<std::size_t>> categories;
    std::vector<eval::LabelledPicture> pictures;  ///< labelled with their numbers in the annotations
};

/// What scoring pictures found: the matches, and the pictures of another size than the annotations say.
struct DetectorScores {
    eval::CocoMatches matches;
    std::vector<std::string> misfits{};
};

namespace detail {

/// A sentence if the picture has another size than its annotation, which need not state one.
inline std::optional<std::string> misfit(const eval::CocoImage& image, int height, int width) {
    if (image.width == 0 || image.height == 0 || (image.width == width && image.height == height)) return std::nullopt;
    return fmt::format("{}: {} x {}, annotated as {} x {}", image.file, width, height, image.width, image.height);
}

}  // namespace detail

/// Detects in all pictures by a profile, in groups of `batch`, or in the first ones if `progress` is stopped. Throws as
/// detect_in does.
inline DetectorScores scores_of(const AnyModel& network, const ModelEntry& entry, const AnnotatedPictures& annotated,
                                const PictureReader& reader, UnreadablePictures& unreadable,
                                const detect::Profile& profile, std::size_t batch, WorkerPool& workers,
                                Progress& progress) {
    const eval::CocoAnnotations& annotations = annotated.annotations;
    const auto& pictures = annotated.pictures;
    PictureInputs inputs;
    for (const auto& picture : pictures)
        inputs.files.push_back(picture.file), inputs.names.push_back(picture.file.string());
    std::mutex adding;
    DetectorScores scores{eval::CocoMatches(annotations)};
    detect_in(
        inputs, reader, unreadable, network, entry, profile, batch, workers, false,
        [&](std::size_t i, auto, auto, const Seen& seen, const std::vector<detect::Detection>& found) {
            std::vector<eval::CocoDetection> detections;
            for (const auto& one : found) {
                detections.push_back(eval::coco_detection(one));
                const auto category = annotated.categories[detections.back().category];
                if (category) detections.back().category = *category;
                else detections.pop_back();
            }
            const auto image = static_cast<std::size_t>(pictures[i].label);
            const std::lock_guard lock(adding);
            scores.matches.add(annotations, image, detections);
            if (auto sentence =
                    detail::misfit(annotations.images()[image], seen.fit.picture_height, seen.fit.picture_width))
                scores.misfits.push_back(*std::move(sentence));
            progress.advance(1);
        },
        progress.stop());
    std::sort(scores.misfits.begin(), scores.misfits.end());
    return scores;
}

}  // namespace taxon::app
