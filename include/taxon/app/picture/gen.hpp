#pragma once
#include <memory>
#include <optional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/gen/level_options.hpp>
#include <taxon/app/gen/level_report.hpp>
#include <taxon/app/gen/precision_search.hpp>
#include <taxon/app/gen/write_offline.hpp>
#include <taxon/app/picture/calibration.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/picture/tensor.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/eval/dataset.hpp>
#include <vector>

namespace taxon::app {

namespace detail {

/// The query for a row of the table: with --level, float32's, which the others are compared with.
inline ModelOptions requested(const LevelOptions& options) {
    ModelOptions model = options.model;
    if (options.level.empty()) return model;
    model.calibration.require_sense();
    model.calibration = {};
    model.precision = precision::Float32::name;
    return model;
}

/// Pictures, labelled ones as well if --dataset names them, else generated inputs.
inline SearchInputs search_inputs(const LevelOptions& options, const ModelEntry& floats, const PictureReader& reader) {
    const GeneratedInputs generated{.count = 64};
    SearchInputs inputs{.calibration = picture_calibration(options.model, generated, reader),
                        .samples = [&options, generated, &reader](const AnyModel& network, const ModelEntry& entry) {
                            return picture_samples(options.model.calibration, generated, reader, network, entry);
                        }};
    if (options.dataset.empty()) return inputs;
    const auto pictures = std::make_shared<const std::vector<eval::LabelledPicture>>(
        eval::read_dataset(options.dataset, floats.output.size()).pictures);
    for (const auto& picture : *pictures) inputs.labels.push_back(picture.label);
    inputs.labelled = [pictures, &reader](const AnyModel& network, const ModelEntry& entry) -> CalibrationInputs {
        return {pictures->size(), [&network, &entry, pictures, &reader](std::size_t i, std::vector<float>& to) {
                    read_tensor(network, entry, reader, (*pictures)[i].file, to);
                }};
    };
    return inputs;
}

}  // namespace detail

/// Writes an offline file of a classifier, atomically and only once everything has succeeded.
struct ClassifierGen final : Verb {
    LevelOptions options;
    ReadingOptions reading;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_gen(program, family, options);
        add_calibration_options(*verb, options.model.calibration);
        add_reading_options(*verb, reading, false);
        add_level_options(*verb, options);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        const PictureReader reader(reading);
        Extras extras{.batch = options.batch()};
        const RequestedModel model = packable_model(family, options, detail::requested(options));
        extras.labels = model.names(options.labels).list();
        std::optional<PrecisionSearchResult> levelled;
        std::optional<BoundModel> as_asked;
        if (options.level.empty())
            as_asked = model.bind(1, picture_calibration(options.model, {}, reader), console, options.report.quiet);
        else
            levelled = levelled_model(family, model.entry(), options,
                                      detail::search_inputs(options, model.entry(), reader), console);
        const BoundModel& bound = levelled ? levelled->choice().model : *as_asked;

        Json json =
            write_offline(options.output, family, levelled ? *levelled->choice().entry : model.entry(), bound, extras);
        if (levelled) json["level"] = json_of(*levelled);
        report(json, bound.weights, options.report, console, levelled ? "\n" + readable(*levelled) : "");
        return 0;
    }
};

}  // namespace taxon::app
