#pragma once
#include <taxon/app/model/requested_model.hpp>

/// Definitions for requested_model.hpp, compiled once for all kinds of programs.
namespace taxon::app {

RequestedModel::RequestedModel(const Family& family, const ModelOptions& options) : family_(family), options_(options) {
    options.calibration.require_sense();
    if (!names_synthetic_weights(options.weights) && OfflineModel::is_meant(options.weights))
        offline_.emplace(options.weights);
    if (offline_ && !options.weights_key.empty()) throw without_keys(options.weights_key);
    offer_ = &choose(family, offline_ ? choice_of_file() : options.choice(family));
    if (!offer_->data_types.quantized() && options.calibration.any())
        throw Error(Fault::usage,
                    {.place = "--calibration-…, --percentile, --equalise",
                     .found = "precision " + std::string(offer_->precision) + ", which stores no integers",
                     .wanted = "a quantized one"});
    if (offline_ && offline_->facts() && offline_->facts()->preprocess != offer_->preprocess)
        throw Error(Fault::mismatch, {.file = offline_->path(),
                                      .place = "preprocess",
                                      .found = offline_->facts()->preprocess,
                                      .wanted = std::string(offer_->preprocess),
                                      .remedy = "write the file again with this version"});
}

ClassNames RequestedModel::names(const std::string& labels_file) const {
    auto stored = offline_ && labels_file.empty() ? offline_->labels() : std::vector<std::string>();
    if (const auto classes = static_cast<std::size_t>(offer_->output.size());
        !stored.empty() && stored.size() != classes)
        throw Error(Fault::mismatch, {.file = offline_->path(),
                                      .place = "labels",
                                      .found = std::to_string(stored.size()),
                                      .wanted = std::to_string(classes),
                                      .remedy = "name them with --labels"});
    return stored.empty() ? class_names(family_, *offer_, labels_file) : ClassNames(std::move(stored));
}

void RequestedModel::require_batch(int batch, std::optional<std::size_t> count) const {
    if (!offline_) return;
    const auto range = offline_->batch();
    const auto size = static_cast<std::size_t>(batch), last = count ? *count % size : 0;
    if (!range.contains(size))
        throw Error(Fault::usage, {.place = "--batch",
                                   .found = std::to_string(batch),
                                   .wanted = range.text() + ", for which " + offline_->path() + " was made"});
    if (last != 0 && !range.contains(last))
        throw Error(Fault::usage,
                    {.place = "--batch",
                     .found = std::to_string(*count) + " inputs, so that the last batch has " + std::to_string(last),
                     .wanted = range.text() + ", for which " + offline_->path() + " was made",
                     .remedy = "choose another --batch or --limit"});
}

BoundModel RequestedModel::bind(int threads, const CalibrationSource& calibration, Console& console, bool quiet) const {
    const Settings settings = options_.settings(threads);
    if (offline_)
        return {
            offer_->open(offline_->file(), settings), without_folders(offline_->path()), {}, offline_->labels(), {}};
    const CalibratedWeights weights = calibrated_weights(family_, *offer_, options_, calibration, console, quiet);
    const WeightSource& opened = *weights.opened.source;
    return {offer_->load(weights.source(), weights.ranges, settings), description_of(opened, options_), weights.facts,
            opened.facts().labels, weights.opened.remarks};
}

ModelQuery RequestedModel::choice_of_file() const {
    if (options_.backend != "cpu" || (!options_.execution.empty() && options_.execution != execution::Fused::name))
        throw Error(Fault::usage,
                    {.place = "--weights",
                     .found = "an offline file, and --backend " + options_.backend +
                              (options_.execution.empty() ? "" : " --execution " + options_.execution),
                     .wanted = "a checkpoint; the layers of an offline file are fused, for the cpu backend"});
    if (options_.calibration.any())
        throw Error(Fault::usage, {.place = "--weights",
                                   .found = "an offline file, which has its ranges already, and calibration",
                                   .wanted = "a checkpoint to calibrate, or no calibration"});
    ModelQuery choice = options_.choice(family_);
    choice.execution = execution::Fused::name;
    if (!offline_->facts()) return choice;
    const OfflineFacts& facts = *offline_->facts();
    const auto is = [&](const std::string& asked, const std::string& there) {
        if (!asked.empty() && asked != there)
            throw Error(Fault::mismatch, {.file = offline_->path(),
                                          .place = "model",
                                          .found = offline_->title(),
                                          .wanted = asked,
                                          .remedy = "use the program and the options that it was made for"});
    };
    is(std::string(family_.name), facts.family), is(options_.variant, facts.variant), is(options_.size, facts.size),
        is(options_.precision, facts.precision);
    choice.variant = facts.variant, choice.size = facts.size, choice.precision = facts.precision;
    const auto built = std::find_if(family_.entries.begin(), family_.entries.end(), [&](const ModelEntry& entry) {
        return entry.variant == choice.variant && entry.size == choice.size && entry.precision == choice.precision;
    });
    if (built == family_.entries.end())
        throw Error(Fault::mismatch,
                    {.file = offline_->path(),
                     .place = "model",
                     .found = offline_->title(),
                     .wanted = "a network that is built into this program",
                     .remedy = "TAXON_VARIANTS, TAXON_SIZES and TAXON_PRECISIONS in CMake say which are"});
    require_classes(built->output, facts.output.channels);
    return choice;
}

void RequestedModel::require_classes(const Shape& output, int channels) const {
    const int box = output.table ? 5 : 0;  // numbers of a box before those of its classes
    if (channels == 0 || channels == output.channels) return;
    throw Error(Fault::mismatch,
                {.file = offline_->path(),
                 .place = "model",
                 .found = offline_->title() + ", of " + std::to_string(channels - box) + " classes",
                 .wanted = std::to_string(output.channels - box) + " classes",
                 .remedy = "-DTAXON_CLASSES=" + std::to_string(channels - box) + " builds a program for it"});
}

}  // namespace taxon::app
