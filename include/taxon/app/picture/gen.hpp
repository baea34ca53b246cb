#pragma once
#include <memory>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/gen/class_comparison.hpp>
#include <taxon/app/gen/chosen_model.hpp>
#include <taxon/app/gen/level_options.hpp>
#include <taxon/app/picture/search_inputs.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/picture/tensor.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/eval/dataset.hpp>
#include <vector>

namespace taxon::app {

namespace detail {

/// Pictures, labelled ones as well if --dataset names them, else generated inputs.
inline SearchInputs search_inputs(const LevelOptions& options, const ModelEntry& floats, const PictureReader& reader) {
    SearchInputs inputs = picture_search_inputs(options.model, reader);
    if (options.dataset.empty()) {
        inputs.comparison = [samples = inputs.samples](const AnyModel& network, const ModelEntry& entry) {
            return agreement_of_classes(samples(network, entry));
        };
        return inputs;
    }
    const auto pictures = std::make_shared<const std::vector<eval::LabelledPicture>>(
        eval::read_dataset(options.dataset, floats.output.size()).pictures);
    inputs.comparison = [pictures, &reader](const AnyModel& network, const ModelEntry& entry) {
        std::vector<int> labels;
        for (const auto& picture : *pictures) labels.push_back(picture.label);
        return class_comparison("pictures of the data set",
                                {pictures->size(),
                                 [&network, &entry, pictures, &reader](std::size_t i, std::vector<float>& to) {
                                     read_tensor(network, entry, reader, (*pictures)[i].file, to);
                                 }},
                                std::move(labels), {.key = "top1", .name = "top-1"});
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
        add_calibration_options(*verb, family, options.model.calibration);
        add_reading_options(*verb, reading, false);
        add_level_options(*verb, options,
                          "top-1 on --dataset, or without a data set, the calibration pictures (or generated "
                          "inputs) whose best class changes");
        verb->add_option("--dataset", options.dataset, "Labelled pictures on which --level measures top-1, as for eval")
            ->needs(verb->get_option("--level"))
            ->type_name("DIR_OR_FILE");
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        const PictureReader reader(reading);
        Extras extras{.batch = options.batch()};
        const RequestedModel model =
            packable_model(family, options, options.requested(), {{"--dataset", options.dataset}});
        require_single_ports(model.entry(), "gen");
        extras.labels = model.names(options.labels).list();
        const ChosenModel chosen(
            options, family, model, picture_calibration(options.model, {}, reader),
            [&] { return detail::search_inputs(options, model.entry(), reader); }, console);
        chosen.write(options, family, extras, console);
        return 0;
    }
};

}  // namespace taxon::app
