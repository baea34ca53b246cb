#pragma once
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/run/answers.hpp>
#include <taxon/app/model/class_names.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/picture/infer_options.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/infer/layers.hpp>
#include <taxon/app/infer/share_record.hpp>
#include <taxon/app/picture/drawings.hpp>
#include <taxon/app/picture/calibration.hpp>
#include <taxon/app/picture/inputs.hpp>
#include <taxon/app/picture/unreadable_pictures.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/app/console/thread_notes.hpp>
#include <taxon/app/run/ranking.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/run/result_files.hpp>
#include <taxon/app/run/samples_file.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/model/identity.hpp>
#include <taxon/detect/drawing.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

struct ClassifierInferOptions : PictureInferOptions {
    ResultFiles files;
    int top = 5;
};

namespace detail {

/// All raw results, (N, classes), and the inputs if requested, (N, C, H, W).
struct Answers {
    std::vector<float> outputs, inputs;
    std::size_t done = 0;  ///< inputs, the first ones; fewer than all if the run was stopped
};

inline Answers answer(const AnyModel& network, const ModelEntry& entry, const PictureInputs& inputs,
                      const PictureReader& reader, UnreadablePictures& unreadable,
                      const ClassifierInferOptions& options, bool keep_inputs, Console& console) {
    const auto in = static_cast<std::size_t>(entry.input.size()), out = static_cast<std::size_t>(entry.output.size()),
               count = inputs.names.size();
    const auto batch = static_cast<std::size_t>(options.batch);
    WorkerPool workers(worker_count(count, batch, options.threads));
    tell_threads(options.threads, workers.wanted(), workers.size(), console, options.report.quiet);
    Progress progress(console, options.report.quiet || inputs.files.size() < 2, "pictures", count);
    Answers answers{std::vector<float>(count * out), std::vector<float>(keep_inputs ? count * in : 0)};
    const auto prepare = [&](std::size_t i, std::span<float> tensor) {
        return unreadable.attempt(i, inputs.names[i], [&] { inputs.prepare(network, entry, reader, i, tensor); });
    };
    answers.done = answer_inputs(
        network, entry, count, batch, workers, prepare,
        [&](std::size_t i, std::span<const float> input, std::span<const float> output) {
            std::copy(output.begin(), output.end(), answers.outputs.begin() + static_cast<std::ptrdiff_t>(i * out));
            if (keep_inputs)
                std::copy(input.begin(), input.end(), answers.inputs.begin() + static_cast<std::ptrdiff_t>(i * in));
            progress.advance(1);
        },
        progress.stop());
    answers.outputs.resize(answers.done * out);
    if (keep_inputs) answers.inputs.resize(answers.done * in);
    unreadable.check(count);
    unreadable.remove_from(answers.outputs, out);
    unreadable.remove_from(answers.inputs, in);
    return answers;
}

/// The best `top` classes of a ranking, which may hold more.
inline std::span<const eval::Ranked> first(const Ranking& ranking, int top) {
    return std::span(ranking.best).first(std::min(static_cast<std::size_t>(top), ranking.best.size()));
}

inline Json infer_json(const Family& family, const ModelEntry& entry, std::string_view isa,
                       std::span<const Ranking> rankings, const ClassNames& names, int top) {
    Json json = identity_json(family, entry);
    json["isa"] = isa;
    json["images"] = Json::array();
    for (const auto& ranking : rankings) {
        Json one = json_object({{"file", ranking.name}, {"top", Json::array()}});
        for (const auto& [index, probability] : first(ranking, top))
            one["top"].push_back(
                json_object({{"class", index}, {"label", names.of(index)}, {"probability", probability}}));
        if (ranking.best.empty()) one["number"] = ranking.number;
        json["images"].push_back(std::move(one));
    }
    return json;
}

inline std::string readable(std::span<const Ranking> rankings, const ClassNames& names, int top,
                            const Console& console) {
    std::string text;
    for (const auto& ranking : rankings) {
        text += printable(ranking.name) + "\n";
        if (ranking.best.empty()) text += fmt::format("{:>9.5g}\n", ranking.number);
        for (const auto& [index, probability] : first(ranking, top)) {
            const auto line = fmt::format("{:6.1f}%  {}", probability * 100,
                                          names.empty() ? "class " + names.of(index) : names.of(index));
            text += (index == ranking.best.front().index ? console.bold(line) : line) + "\n";
        }
    }
    return text;
}

}  // namespace detail

/// Classifies pictures. Nothing is written unless every input succeeds; if it was stopped, the first ones.
struct ClassifierInfer final : Verb {
    ClassifierInferOptions given;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "infer", "Classify pictures");
        add_picture_options(*verb, family, given, "the built-in ones, for the built-in weights; else numbers",
                            "logits, float32 of shape (N, classes)", false);
        verb->add_option("--top", given.top, "Number of classes to show")
            ->check(CLI::Range(1, 100000))
            ->type_name("K")
            ->capture_default_str();
        add_result_files(*verb, given.files, "picture", "file");
        verb->add_option(
                "--output-dir", given.output_folder,
                "Write each picture with its best class and probability drawn on it (JPEG, or PNG if it is one)")
            ->type_name("DIR");
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        ClassifierInferOptions options = given;
        const Share share = options.take_share(console);
        options.files.take(share);
        options.require_sense(options.files.named());
        require_folder("--output-dir", options.output_folder);
        const RequestedModel model(family, options.model);
        const ModelEntry& entry = model.entry();
        require_single_ports(entry, "infer");
        options.files.require_classes(entry);
        const auto names = model.names(options.labels);
        const auto all = picture_inputs(options, entry),
                   inputs = all.of(share, static_cast<std::size_t>(entry.input.size()));
        if (options.wants_layers()) require_layers(entry, inputs.size());
        auto others = options.files.named();
        for (const NamedFile& other : options.other_files()) others.push_back(other);
        const Drawings drawings(options.output_folder, all, others);

        model.require_batch(options.batch, inputs.names.size());
        model.check();
        const PictureReader reader(options.reading);
        UnreadablePictures unreadable(options.reading.skip_unreadable);
        const auto bound = model.bind(1, picture_calibration(options.model, options.generated_inputs(), reader),
                                      console, options.report.quiet);
        const auto& network = bound.network;
        const ShareRecord record(share, identity_json(family, entry), family, model, options.model, bound, all.size(),
                                 all.digest(),
                                 fmt::format("{}, best {}, labels {}", reading_text(options.reading), options.top,
                                             without_folders(options.labels)));
        if (record.is_done(options.report, console)) return 0;
        const auto answers = detail::answer(*network, entry, inputs, reader, unreadable, options,
                                            !options.dump_input.empty() || options.wants_layers(), console);
        const Skipped skipped{inputs.skipped, unreadable.list(), "not picture files"};
        const auto classes = static_cast<std::size_t>(entry.output.size());
        std::vector<Ranking> rankings;
        std::vector<std::size_t> numbers;  // of the pictures that could be read
        for (std::size_t i = 0; i < answers.done; ++i) {
            if (unreadable.contains(i)) continue;
            rankings.push_back(rank(inputs.names[i],
                                    std::span(answers.outputs).subspan(rankings.size() * classes, classes),
                                    std::max(options.top, 5), options.allow_nonfinite));
            numbers.push_back(i);
        }
        std::vector<LayerOutput> layers;
        if (options.wants_layers()) layers = walk_layers(*network, answers.inputs, options.dump_layers);

        write_samples(options.output, answers.outputs, rankings.size(), entry.output);
        write_samples(options.dump_input, answers.inputs, rankings.size(), entry.input);
        std::vector<std::size_t> numbers_of_all;
        for (const std::size_t i : numbers) numbers_of_all.push_back(share.number(i));
        options.files.write(rankings, names, numbers_of_all);
        drawings.make_folder();
        for (std::size_t i = 0; drawings.wanted() && i < rankings.size(); ++i)
            drawings.write(share.number(numbers[i]), inputs.files[numbers[i]], reader, [&](Image& picture) {
                if (rankings[i].best.empty()) return;
                const auto [label, probability] = rankings[i].best.front();
                detect::draw_class(picture, label, static_cast<float>(probability), names.of(label));
            });
        print_result(options.report, console,
                     (options.layers ? readable(layers) : "") +
                         detail::readable(rankings, names, options.top, console) + readable(skipped) +
                         stopped_text(answers.done, inputs.size(), "inputs"),
                     [&] {
                         auto json = detail::infer_json(family, entry, network->isa(), rankings, names, options.top);
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
