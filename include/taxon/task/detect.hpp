#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/detect/coco_classes.hpp>
#include <taxon/detect/detections.hpp>
#include <taxon/detect/profile.hpp>
#include <taxon/preprocess/letterbox_fit.hpp>
#include <taxon/task/class_labels.hpp>
#include <taxon/task/pictures.hpp>
#include <taxon/task/runner.hpp>
#include <utility>
#include <vector>

namespace taxon::task {

/// A model that detects objects: a `Model<…>` whose output is a table of boxes and whose Preprocess policy is a
/// letterbox, run in the calling thread's workspace or in a given one. `detect` takes a Model, an AnyModel, or {model,
/// workspace}.
class Detector {
  public:
    template <TypedModel M>
    Detector(const M& model) : Detector(model, M::thread_workspace()) {}

    template <TypedModel M>
    Detector(const M& model, typename M::Workspace& workspace) : runner_(runner_of(model, workspace)) {
        static_assert(!M::input_shape.sequence,
                      "taxon::task::detect: this network reads texts, not pictures; call taxon::task::label");
        static_assert(M::input_shape.sequence || M::output_shape.table,
                      "taxon::task::detect: this network gives no table of boxes; call taxon::task::classify");
        static_assert(!M::output_shape.table || LetterboxPreprocess<typename M::Preprocess>,
                      "taxon::task::detect: boxes find back into the picture through a letterbox; give the Model a "
                      "Preprocess policy such as preprocess::Letterbox<640>");
        if constexpr (M::output_shape.table && LetterboxPreprocess<typename M::Preprocess>) M::check_preprocess();
    }

    /// Throws Fault::usage unless the model is a detector.
    Detector(const AnyModel& model) : Detector(model, model.thread_workspace()) {}
    Detector(const AnyModel& model, AnyModel::Workspace& workspace) : runner_(runner_of(model, workspace)) {
        if (!runner_.output.table || !runner_.policies.letterbox)
            throw Error(Fault::usage, {.place = "detect",
                                       .found = runner_.output.table ? "a model without a letterbox"
                                                                     : "a network that gives no table of boxes",
                                       .wanted = "a detector, with preprocess::Letterbox"});
    }

    const Runner& runner() const { return runner_; }
    std::size_t columns() const { return static_cast<std::size_t>(runner_.output.channels); }
    int classes() const { return runner_.output.channels - static_cast<int>(taxon::detect::columns_before_classes); }

    /// The placement of a picture of at least one pixel in the network's input.
    preprocess::LetterboxFit fit(int picture_height, int picture_width) const {
        return runner_.policies.letterbox(picture_height, picture_width);
    }

  private:
    Runner runner_;
};

/// A detected object: the label of its class, its score, its box in the picture's pixels, and its class's number,
/// counted from 0.
struct DetectedObject {
    std::string label;
    float score = 0;
    taxon::detect::Box box{};
    int index = 0;
    friend bool operator==(const DetectedObject&, const DetectedObject&) = default;
};

struct DetectOptions {
    taxon::detect::Profile profile = taxon::detect::demo;  ///< the thresholds
    std::span<const std::string> labels{};  ///< of the classes; empty: COCO's for 80 classes, else numbers
    int batch = usual_batch;                ///< pictures per run, within the model's ShapeMode
};

namespace detail {

template <class Pictures>
std::vector<std::vector<DetectedObject>> detect_all(const Detector& model, const Pictures& pictures,
                                                    const DetectOptions& options) {
    std::vector<std::string> standard;
    if (options.labels.empty()) standard = taxon::detect::coco_labels(static_cast<std::size_t>(model.classes()));
    const ClassLabels labels(options.labels.empty() ? standard : options.labels, model.classes());
    std::vector<std::vector<DetectedObject>> all(pictures.size());
    run_pictures(model.runner(), pictures, options.batch,
                 [&](std::size_t i, int height, int width, std::span<const float> table) {
                     for (const auto& [box, score, index] : taxon::detect::detections_of_table(
                              table, model.columns(), options.profile, model.fit(height, width)))
                         all[i].push_back({labels.of(index), score, box, index});
                 });
    return all;
}

}  // namespace detail

/// Detects the objects in each picture, in its own pixels, highest scores first:
///
///     for (const auto& [label, score, box, index] : task::detect(model, "street.jpg")) …
///
/// A batch gives the same bytes as single calls. Throws Fault::shape for an empty picture, ::value for NaN or infinity
/// in boxes or scores, naming the picture; ::mismatch unless there is one label per class, or none.
inline std::vector<std::vector<DetectedObject>> detect(const Detector& model, std::span<const Image> pictures,
                                                       const DetectOptions& options = {}) {
    return detail::detect_all(model, PictureSpan{pictures}, options);
}

inline std::vector<DetectedObject> detect(const Detector& model, const Image& picture,
                                          const DetectOptions& options = {}) {
    return detect(model, std::span(&picture, 1), options).front();
}

/// The same for picture files, read as they are needed and turned as EXIF says. Throws also as preprocess::read_image
/// does.
template <class File = preprocess::UprightImageFile>
std::vector<std::vector<DetectedObject>> detect(const Detector& model, std::span<const std::filesystem::path> files,
                                                const DetectOptions& options = {}) {
    return detail::detect_all(model, PictureFiles<File>{files}, options);
}

template <class File = preprocess::UprightImageFile>
std::vector<DetectedObject> detect(const Detector& model, const std::filesystem::path& file,
                                   const DetectOptions& options = {}) {
    return detect<File>(model, std::span(&file, 1), options).front();
}

}  // namespace taxon::task
