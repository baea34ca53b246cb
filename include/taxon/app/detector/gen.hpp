#pragma once
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/detector/comparison.hpp>
#include <taxon/app/gen/chosen_model.hpp>
#include <taxon/app/gen/level_options.hpp>
#include <taxon/app/picture/search_inputs.hpp>
#include <taxon/eval/coco_dataset.hpp>
#include <taxon/app/program/verb.hpp>

namespace taxon::app {

/// Writes an offline file of a detector, atomically and only once everything has succeeded.
struct DetectorGen final : Verb {
    LevelOptions options;
    ReadingOptions reading;
    std::string annotations;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_gen(program, family, options);
        verb->get_option("--labels")
            ->description("Class names to store, one per line. Default: those that came with the weights, else "
                          "COCO's if there are 80");
        add_calibration_options(*verb, family, options.model.calibration);
        add_reading_options(*verb, reading, true);
        add_level_options(*verb, options,
                          "AP on --dataset, or without a data set, the boxes on calibration pictures (or "
                          "generated inputs) that only one of the two finds");
        auto* dataset =
            verb->add_option("--dataset", options.dataset,
                             "The folder of the pictures that --annotations lists, on which --level measures AP")
                ->needs(verb->get_option("--level"))
                ->type_name("DIR");
        verb->add_option("--annotations", annotations, "COCO's annotations of --dataset")
            ->needs(dataset)
            ->type_name("FILE.json");
        dataset->needs(verb->get_option("--annotations"));
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        const PictureReader reader(reading);
        Extras extras{.batch = options.batch()};
        const RequestedModel model =
            packable_model(family, options, options.requested(), {{"--annotations", annotations}});
        require_single_ports(model.entry(), "gen");
        std::optional<AnnotatedPictures> annotated;
        const ChosenModel chosen(
            options, family, model, picture_calibration(options.model, {}, reader),
            [&] {
                if (!options.dataset.empty()) annotated = annotated_pictures(model);
                SearchInputs inputs = picture_search_inputs(options.model, reader);
                inputs.comparison = [&, samples = inputs.samples](const AnyModel& network, const ModelEntry& entry) {
                    return annotated ? precision_of_boxes(*annotated, reader)
                                     : agreement_of_boxes(samples(network, entry));
                };
                return inputs;
            },
            console);
        extras.labels = detector_class_names(options.labels, family, model.entry(), chosen.bound()).list();
        chosen.write(options, family, extras, console);
        return 0;
    }

  private:
    AnnotatedPictures annotated_pictures(const RequestedModel& model) const {
        auto read = eval::CocoAnnotations::read(annotations);
        auto categories = categories_of_classes(model.entry(), read, model, annotations);
        auto pictures = eval::read_coco_dataset(options.dataset, read).pictures;
        return {std::move(read), std::move(categories), std::move(pictures)};
    }
};

}  // namespace taxon::app
