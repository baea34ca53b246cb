#pragma once
#include <functional>
#include <span>
#include <string>
#include <taxon/app/run/answers.hpp>
#include <taxon/app/model/class_names.hpp>
#include <taxon/app/picture/inputs.hpp>
#include <taxon/app/picture/unreadable_pictures.hpp>
#include <taxon/app/run/ranking.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/detect/coco_classes.hpp>
#include <taxon/detect/detections.hpp>
#include <taxon/detect/table.hpp>
#include <taxon/number/nonfinite.hpp>
#include <taxon/preprocess/letterbox_fit.hpp>
#include <vector>

namespace taxon::app {

/// The placement of a picture of this size in the network's input.
inline preprocess::LetterboxFit fit_of(const ModelEntry& entry, int height, int width) {
    return entry.letterbox != nullptr ? entry.letterbox(height, width)
                                      : preprocess::letterbox_fit(height, width, entry.input.height, entry.input.width);
}

/// A picture's detections from the network's table, best first, in the picture's pixels. Throws CheckFailed, naming the
/// picture, for NaN or infinity in the table.
inline std::vector<detect::Detection> detections_of(const std::string& picture, std::span<const float> table,
                                                    const ModelEntry& entry, const detect::Profile& profile,
                                                    const preprocess::LetterboxFit& fit) {
    const auto columns = static_cast<std::size_t>(entry.output.channels);
    return checked_result(picture, [&] { return detect::detections_of_table(table, columns, profile, fit); });
}

/// The names in --labels, else those that came with the weights, else the program's, else COCO's for 80 classes, else
/// numbers. Throws Fault::usage or mismatch unless there are as many names as classes.
inline ClassNames detector_class_names(const std::string& labels_file, const Family& family, const ModelEntry& entry,
                                       const BoundModel& model) {
    const auto classes = static_cast<std::size_t>(entry.output.channels) - detect::columns_before_classes;
    if (!labels_file.empty()) return class_names(family, entry, labels_file, classes);
    if (!model.labels.empty() && model.labels.size() != classes)
        throw Error(Fault::mismatch, {.file = model.weights,
                                      .place = "names of classes",
                                      .found = std::to_string(model.labels.size()),
                                      .wanted = std::to_string(classes),
                                      .remedy = "name them with --labels"});
    if (!model.labels.empty()) return ClassNames(model.labels);
    if (auto known = class_names(family, entry, "", classes); !known.empty()) return known;
    return ClassNames(detect::coco_labels(classes));
}

/// A picture's place in the network's input, and whether its table was finite.
struct Seen {
    preprocess::LetterboxFit fit{};
    bool finite = true;
};

/// Receives an input's index, its prepared tensor, the network's table and the detections. Called once per input, from
/// any worker's thread.
using SeeDetections = std::function<void(std::size_t, std::span<const float> input, std::span<const float> table,
                                         const Seen& seen, std::vector<detect::Detection>)>;

/// Runs detection on all inputs, in groups of `batch` shared over the workers. Throws one error for all pictures that
/// cannot be read, unless they are skipped, and CheckFailed, naming the picture, for NaN or infinity in what decides on
/// its detections, unless `nonfinite` allows it: there are none then. Once a `stop`
/// is requested, no more groups are begun. Returns the number of inputs done, which are the first ones.
inline std::size_t detect_in(const PictureInputs& inputs, const PictureReader& reader, UnreadablePictures& unreadable,
                             const AnyModel& network, const ModelEntry& entry, const detect::Profile& profile,
                             std::size_t batch, WorkerPool& workers, bool nonfinite, const SeeDetections& see,
                             const std::stop_token& stop = {}) {
    std::vector<preprocess::LetterboxFit> fits(inputs.size());
    const auto prepare = [&](std::size_t i, std::span<float> tensor) {
        return unreadable.attempt(i, inputs.names[i], [&] {
            if (inputs.files.empty()) {
                fits[i] = fit_of(entry, entry.input.height, entry.input.width);
                return inputs.prepare(network, entry, reader, i, tensor);
            }
            reader.read(inputs.files[i], [&](const Image& picture) {
                fits[i] = fit_of(entry, picture.height, picture.width);
                network.preprocess(picture, planes_of(entry.input, tensor));
            });
        });
    };
    const auto see_answer = [&](std::size_t i, std::span<const float> input, std::span<const float> table) {
        const Seen seen{fits[i], !nonfinite || all_finite(table)};
        see(i, input, table, seen,
            seen.finite ? detections_of(inputs.names[i], table, entry, profile, seen.fit)
                        : std::vector<detect::Detection>());
    };
    const auto done = answer_inputs(network, entry, inputs.size(), batch, workers, prepare, see_answer, stop);
    unreadable.check(inputs.size());
    return done;
}

}  // namespace taxon::app
