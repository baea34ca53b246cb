#pragma once
#include <algorithm>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/model/class_names.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/app/console/thread_notes.hpp>
#include <taxon/app/infer/share_record.hpp>
#include <taxon/app/run/ranking.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/text/calibration.hpp>
#include <taxon/app/text/class_names.hpp>
#include <taxon/app/text/questions.hpp>
#include <taxon/app/text/text_score.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/model/identity.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

inline Json infer_json(const Family& family, const ModelEntry& entry, std::string_view isa,
                       const TextQuestions& questions, std::span<const Ranking> rankings, const ClassNames& names) {
    Json json = identity_json(family, entry);
    json["isa"] = isa;
    json["texts_cut"] = texts_cut(questions.left_out);
    json["texts"] = Json::array();
    for (std::size_t i = 0; i < rankings.size(); ++i) {
        Json one = json_object({{"tokens", questions.rows[i].size() / static_cast<std::size_t>(entry.input.channels)},
                                {"top", Json::array()}});
        if (!questions.texts.empty()) {
            one["text"] = questions.texts[i].text, one["left_out"] = questions.left_out[i];
            if (questions.texts[i].pair) one["pair"] = *questions.texts[i].pair;
        }
        if (rankings[i].best.empty()) one["number"] = rankings[i].number;
        for (const auto& [index, probability] : rankings[i].best)
            one["top"].push_back(
                json_object({{"class", index}, {"label", names.of(index)}, {"probability", probability}}));
        json["texts"].push_back(std::move(one));
    }
    return json;
}

inline std::string readable(const TextQuestions& questions, std::span<const Ranking> rankings, const ClassNames& names,
                            const Console& console) {
    std::size_t widest = 0;
    const auto name = [&](const Ranking& ranking) -> std::string {
        if (ranking.best.empty()) return "";
        const int index = ranking.best.front().index;
        return names.empty() ? "class " + names.of(index) : names.of(index);
    };
    for (const auto& ranking : rankings) widest = std::max(widest, name(ranking).size());
    std::string text;
    for (const auto& ranking : rankings) {
        const std::string number = ranking.best.empty()
                                       ? fmt::format("{:>8.5g}", ranking.number)
                                       : fmt::format("{:5.1f}%", ranking.best.front().probability * 100);
        text += console.bold(fmt::format("{}  {:<{}}", number, name(ranking), widest)) + "  " +
                shortened(ranking.name) + "\n";
    }
    return text + cut_texts(texts_cut(questions.left_out));
}

}  // namespace detail

/// Classifies texts. Nothing is written unless every text succeeds; if it was stopped, the first ones.
struct TextInfer final : Verb {
    TextInferOptions given;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "infer", "Classify texts or pairs of them");
        add_text_infer_options(*verb, family, given);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        TextInferOptions options = given;
        const Share share = options.take_share(console);
        options.require_sense();
        const RequestedModel model(family, options.model);
        const ModelEntry& entry = model.entry();
        require_single_ports(entry, "infer");
        require_classifier(entry, "infer");
        options.files.require_classes(entry);
        const auto names = text_class_names(options.labels, options.source.columns.task, options.model, model);
        const auto all = questions_of(options, model);
        auto questions = questions_of_share(all, share);
        const std::size_t count = questions.rows.size(), classes = static_cast<std::size_t>(entry.output.size());

        model.require_batch(options.batch, count);
        model.check();
        const auto calibration =
            text_calibration(options.model, options.source.columns, options.tokens, model,
                             options.generated.empty() ? std::string() : std::string(salt_of(options.generated)));
        const auto bound = model.bind(1, calibration, console, options.report.quiet);
        const auto& network = bound.network;
        if (questions.encoder) questions.encoder->require(*network);
        const ShareRecord record(share, identity_json(family, entry), family, model, options.model, bound,
                                 all.rows.size(), digest_of(all),
                                 "padding " + options.padding.name + ", labels " + without_folders(options.labels) +
                                     ", task " + options.source.columns.task);
        if (record.is_done(options.report, console)) return 0;
        std::vector<float> logits(count * classes);
        const auto batch = static_cast<std::size_t>(options.batch);
        WorkerPool workers(worker_count(count, batch, options.threads));
        tell_threads(options.threads, workers.wanted(), workers.size(), console, options.report.quiet);
        Progress progress(console, options.report.quiet || count < 2, "texts", count);
        const auto see = [&](std::size_t i, std::span<const float> answer) {
            std::copy(answer.begin(), answer.end(), logits.begin() + static_cast<std::ptrdiff_t>(i * classes));
            progress.advance(1);
        };
        const std::size_t done = answer_texts(*network, entry, questions.rows, options.padding.padding(),
                                              sequence_of(options.tokens, model), batch, workers, see, progress.stop());
        logits.resize(done * classes);
        if (!questions.left_out.empty()) questions.left_out.resize(done);
        std::vector<Ranking> rankings;
        std::vector<std::size_t> numbers;
        for (std::size_t i = 0; i < done; ++i) {
            numbers.push_back(share.number(i));
            rankings.push_back(
                rank(questions.name(i), std::span(logits).subspan(i * classes, classes), 5, options.allow_nonfinite));
        }

        if (!options.output.empty())
            write_file(options.output,
                       io::npy_bytes(logits, {static_cast<std::int64_t>(done), static_cast<std::int64_t>(classes)}));
        options.files.write(rankings, names, numbers);
        const std::string text = detail::readable(questions, rankings, names, console);
        print_result(options.report, console, text + stopped_text(done, count, "texts"), [&] {
            auto json = detail::infer_json(family, entry, network->isa(), questions, rankings, names);
            bound.describe(json);
            record.describe(json, done == count);
            return json;
        });
        return 0;
    }
};

}  // namespace taxon::app
