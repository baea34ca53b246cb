#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/detector/detections_json.hpp>
#include <taxon/app/detector/detecting.hpp>
#include <taxon/app/detector/profile_options.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/infer/layers.hpp>
#include <taxon/app/infer/share_record.hpp>
#include <taxon/app/picture/drawings.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/app/console/thread_notes.hpp>
#include <taxon/app/run/samples_file.hpp>
#include <taxon/detect/drawing.hpp>
#include <taxon/detect/result_text.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/model/identity.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// The verb `infer` of detectors.
struct DetectorInferOptions : PictureInferOptions {
    ProfileOptions profile;
};

namespace detail {

/// The results of a run over all inputs: detections of each, and the requested raw tensors.
struct DetectorAnswers {
    struct OfPicture {
        int height = 0, width = 0;
        std::vector<detect::Detection> detections{};
        bool finite = true;
    };
    std::vector<OfPicture> pictures;
    std::vector<float> tables{}, inputs{};
    std::size_t done = 0;  ///< inputs, the first ones; fewer than all if the run was stopped
};

/// Draws on the i-th picture, and writes the boxes beside it.
inline void draw_into(const Drawings& drawings, std::size_t i, const std::filesystem::path& from,
                      const PictureReader& reader, const preprocess::LetterboxFit& fit,
                      std::span<const detect::Detection> detections, const ClassNames& names) {
    const auto label_of = [&](int label) { return names.of(label); };
    auto text = drawings.write(i, from, reader, [&](Image& picture) {
        if (picture.height != fit.picture_height || picture.width != fit.picture_width)
            throw Error(Fault::io, {.file = from.string(), .found = "a file that changed while it was in use"});
        detect::draw(picture, detections, label_of);
    });
    write_file(text.replace_extension(".txt"), detect::result_text(detections, label_of));
}

inline std::string readable(const std::string& name, const DetectorAnswers::OfPicture& picture, const ClassNames& names,
                            const Console& console) {
    std::string text = console.bold(fmt::format("{}  {} x {}, {}", printable(name), picture.width, picture.height,
                                                plural(static_cast<std::int64_t>(picture.detections.size()), "box"))) +
                       "\n";
    if (picture.detections.size() != 1) text.replace(text.rfind("boxs"), 4, "boxes");
    if (!picture.finite) text += "NaN or infinity in the result: no boxes\n";
    for (const auto& [box, score, label] : picture.detections)
        text += fmt::format("{:6.1f}%  {:<16} {:7.1f} {:7.1f} {:7.1f} {:7.1f}\n", score * 100, names.of(label),
                            box.left, box.top, box.right, box.bottom);
    return text;
}

inline Json infer_json(const Family& family, const ModelEntry& entry, std::string_view isa, const PictureInputs& inputs,
                       const UnreadablePictures& unreadable, const DetectorAnswers& answers, const ClassNames& names) {
    Json json = identity_json(family, entry);
    json["size"] = entry.input.width;
    json["isa"] = isa;
    json["images"] = Json::array();
    for (std::size_t i = 0; i < answers.done; ++i) {
        if (unreadable.contains(i)) continue;
        const auto& [height, width, detections, finite] = answers.pictures[i];
        json["images"].push_back(json_of(inputs.names[i], height, width, detections, names));
        if (!finite) json["images"].back()["finite"] = false;
    }
    return json;
}

}  // namespace detail

/// Detects objects in pictures, drawing each as it is processed; nothing else is written unless every input succeeds;
/// if it was stopped, the first ones.
struct DetectorInfer final : Verb {
    DetectorInferOptions given;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "infer", "Detect objects in pictures");
        add_picture_options(
            *verb, family, given, "those that came with the weights, else COCO's if there are 80, else numbers",
            "decoded boxes, float32 of shape (N, rows, 5 + classes): centre x, centre y, width, height, "
            "objectness, class scores",
            true);
        add_profile_options(*verb, given.profile, detect::demo);
        verb->add_option(
                "--output-dir", given.output_folder,
                "Write each picture with its boxes drawn (JPEG, or PNG if it is one), and a .txt with one line "
                "per box: label, score, x1, y1, x2, y2, separated by tabs")
            ->type_name("DIR");
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        DetectorInferOptions options = given;
        const Share share = options.take_share(console);
        options.require_sense({});
        require_folder("--output-dir", options.output_folder);
        const RequestedModel model(family, options.model);
        const ModelEntry& entry = model.entry();
        require_single_ports(entry, "infer");
        const auto all = picture_inputs(options, entry),
                   inputs = all.of(share, static_cast<std::size_t>(entry.input.size()));
        if (options.wants_layers()) require_layers(entry, inputs.size());
        const Drawings drawings(options.output_folder, all, options.other_files(), ".txt");
        model.require_batch(options.batch, inputs.size());
        model.check();
        const PictureReader reader(options.reading);
        UnreadablePictures unreadable(options.reading.skip_unreadable);
        const auto bound = model.bind(1, picture_calibration(options.model, options.generated_inputs(), reader),
                                      console, options.report.quiet);
        const auto names = detector_class_names(options.labels, family, entry, bound);
        const detect::Profile profile = options.profile.profile();
        const ShareRecord record(share, identity_json(family, entry), family, model, options.model, bound, all.size(),
                                 all.digest(),
                                 fmt::format("profile {}, confidence {}, overlap {}, {}, labels {}",
                                             options.profile.name, profile.confidence, profile.overlap,
                                             reading_text(options.reading), without_folders(options.labels)));
        if (record.is_done(options.report, console)) return 0;
        drawings.make_folder();

        const bool keep_inputs = !options.dump_input.empty() || options.wants_layers(),
                   keep_tables = !options.output.empty();
        const auto in = static_cast<std::size_t>(entry.input.size()),
                   out = static_cast<std::size_t>(entry.output.size()), batch = static_cast<std::size_t>(options.batch);
        detail::DetectorAnswers answers{std::vector<detail::DetectorAnswers::OfPicture>(inputs.size()),
                                        std::vector<float>(keep_tables ? inputs.size() * out : 0),
                                        std::vector<float>(keep_inputs ? inputs.size() * in : 0)};
        WorkerPool workers(worker_count(inputs.size(), batch, options.threads));
        tell_threads(options.threads, workers.wanted(), workers.size(), console, options.report.quiet);
        Progress progress(console, options.report.quiet || inputs.size() < 2, "pictures", inputs.size());
        const auto see = [&](std::size_t i, std::span<const float> input, std::span<const float> table,
                             const Seen& seen, std::vector<detect::Detection> found) {
            if (keep_inputs)
                std::copy(input.begin(), input.end(), answers.inputs.begin() + static_cast<std::ptrdiff_t>(i * in));
            if (keep_tables)
                std::copy(table.begin(), table.end(), answers.tables.begin() + static_cast<std::ptrdiff_t>(i * out));
            if (drawings.wanted())
                detail::draw_into(drawings, share.number(i), inputs.files[i], reader, seen.fit, found, names);
            answers.pictures[i] = {seen.fit.picture_height, seen.fit.picture_width, std::move(found)};
            answers.pictures[i].finite = seen.finite;
            progress.advance(1);
        };
        answers.done = detect_in(inputs, reader, unreadable, *bound.network, entry, profile, batch, workers,
                                 options.allow_nonfinite, see, progress.stop());
        if (keep_tables) answers.tables.resize(answers.done * out);
        if (keep_inputs) answers.inputs.resize(answers.done * in);
        std::vector<LayerOutput> layers;
        if (options.wants_layers()) layers = walk_layers(*bound.network, answers.inputs, options.dump_layers);

        detect::decode_scores(answers.tables, static_cast<std::size_t>(entry.output.channels));
        if (const std::size_t at = first_nonfinite(answers.tables);
            !options.allow_nonfinite && at < answers.tables.size())
            throw CheckFailed(
                "result of " + inputs.names[at / out] +
                ": [value] found NaN or infinity, wanted finite numbers; check the weights and the input");
        unreadable.remove_from(answers.tables, out);
        unreadable.remove_from(answers.inputs, in);
        const Skipped skipped{inputs.skipped, unreadable.list(), "not picture files"};
        const std::size_t read = answers.done - skipped.unreadable.size();
        write_samples(options.output, answers.tables, read, entry.output);
        write_samples(options.dump_input, answers.inputs, read, entry.input);
        std::string text = options.layers ? readable(layers) : "";
        for (std::size_t i = 0; i < answers.done; ++i)
            if (!unreadable.contains(i)) text += detail::readable(inputs.names[i], answers.pictures[i], names, console);
        text += readable(skipped) + stopped_text(answers.done, inputs.size(), "inputs");
        print_result(options.report, console, text, [&] {
            auto json = detail::infer_json(family, entry, bound.network->isa(), inputs, unreadable, answers, names);
            bound.describe(json);
            if (!inputs.files.empty()) add_reading(json, skipped);
            if (options.wants_layers()) json["layers"] = json_of(layers);
            record.describe(json, answers.done == inputs.size(), unreadable.numbers());
            return json;
        });
        return 0;
    }
};

}  // namespace taxon::app
