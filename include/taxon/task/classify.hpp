#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/task/pictures.hpp>
#include <taxon/task/prediction.hpp>
#include <taxon/task/runner.hpp>
#include <utility>
#include <vector>

namespace taxon::task {

/// A model that classifies pictures, with one logit per class: a `Model<…>` with a Preprocess policy for pictures, run
/// in the calling thread's workspace or in a given one. `classify` takes a Model, an AnyModel, or {model, workspace}.
class PictureClassifier {
  public:
    template <TypedModel M>
    PictureClassifier(const M& model) : PictureClassifier(model, M::thread_workspace()) {}

    template <TypedModel M>
    PictureClassifier(const M& model, typename M::Workspace& workspace) : runner_(runner_of(model, workspace)) {
        constexpr Shape output = M::output_shape;
        static_assert(!M::input_shape.sequence,
                      "taxon::task::classify: this network reads texts, not pictures; call taxon::task::label");
        static_assert(!output.table, "taxon::task::classify: this network is a detector; call taxon::task::detect");
        static_assert(output.table || (output.pixels() == 1 && !output.sequence),
                      "taxon::task::classify: this network gives maps, not a number for each class");
        if constexpr (!M::input_shape.sequence) M::check_preprocess();
    }

    /// Throws Fault::usage unless the model classifies pictures.
    PictureClassifier(const AnyModel& model) : PictureClassifier(model, model.thread_workspace()) {}
    PictureClassifier(const AnyModel& model, AnyModel::Workspace& workspace) : runner_(runner_of(model, workspace)) {
        const Shape output = runner_.output;
        if (!runner_.policies.preprocess || output.table || output.sequence || output.pixels() != 1)
            throw Error(Fault::usage, {.place = "classify",
                                       .found = runner_.input.sequence ? "a network over texts"
                                                : output.table         ? "a detector"
                                                                       : "a model of another task",
                                       .wanted = "a classifier with a Preprocess policy for pictures"});
    }

    const Runner& runner() const { return runner_; }
    int classes() const { return runner_.output.channels; }

  private:
    Runner runner_;
};

struct ClassifyOptions {
    int top = 5;                            ///< classes per picture
    std::span<const std::string> labels{};  ///< of the classes, as read by eval::read_labels; empty: numbers
    int batch = usual_batch;                ///< pictures per run, within the model's ShapeMode
};

namespace detail {

template <class Pictures>
std::vector<std::vector<Prediction>> classify_all(const PictureClassifier& model, const Pictures& pictures,
                                                  const ClassifyOptions& options) {
    const ClassLabels labels(options.labels, model.classes());
    std::vector<std::vector<Prediction>> all(pictures.size());
    run_pictures(model.runner(), pictures, options.batch, [&](std::size_t i, int, int, std::span<const float> logits) {
        all[i] = predictions(logits, options.top, labels);
    });
    return all;
}

}  // namespace detail

/// Classifies each picture; the most likely classes come first:
///
///     for (const auto& [label, probability, index] : task::classify(model, "dog.jpg", {.top = 3, .labels = names})) …
///
/// A batch gives the same bytes as single calls. Throws Fault::shape for an empty picture, ::value for NaN or infinity
/// in the logits, naming the picture; ::mismatch unless there is one label per class, or none.
inline std::vector<std::vector<Prediction>> classify(const PictureClassifier& model, std::span<const Image> pictures,
                                                     const ClassifyOptions& options = {}) {
    return detail::classify_all(model, PictureSpan{pictures}, options);
}

inline std::vector<Prediction> classify(const PictureClassifier& model, const Image& picture,
                                        const ClassifyOptions& options = {}) {
    return classify(model, std::span(&picture, 1), options).front();
}

/// The same for picture files, read as they are needed. Throws also as preprocess::read_image does.
template <class File = preprocess::ImageFile>
std::vector<std::vector<Prediction>> classify(const PictureClassifier& model,
                                              std::span<const std::filesystem::path> files,
                                              const ClassifyOptions& options = {}) {
    return detail::classify_all(model, PictureFiles<File>{files}, options);
}

template <class File = preprocess::ImageFile>
std::vector<Prediction> classify(const PictureClassifier& model, const std::filesystem::path& file,
                                 const ClassifyOptions& options = {}) {
    return classify<File>(model, std::span(&file, 1), options).front();
}

}  // namespace taxon::task
