#pragma once
#include <algorithm>
#include <numeric>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/app/console/thread_notes.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/model/identity.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/text/embed_options.hpp>
#include <taxon/app/text/text_encoder.hpp>
#include <taxon/app/text/text_score.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/task/embed.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

/// The cosines of all pairs of texts, by row.
inline std::vector<double> cosines(std::span<const float> vectors, std::size_t count) {
    const std::size_t width = vectors.size() / count;
    const auto product = [&](std::size_t i, std::size_t j) {
        return std::inner_product(vectors.begin() + static_cast<std::ptrdiff_t>(i * width),
                                  vectors.begin() + static_cast<std::ptrdiff_t>((i + 1) * width),
                                  vectors.begin() + static_cast<std::ptrdiff_t>(j * width), 0.0);
    };
    std::vector<double> all;
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < count; ++j) all.push_back(product(i, j) / std::sqrt(product(i, i) * product(j, j)));
    return all;
}

/// The most texts whose similarities are shown.
inline constexpr std::size_t compared_texts = 8;

inline std::string similarity_table(std::span<const double> cosines, const std::vector<text::TextInput>& texts) {
    std::string table = "cosine similarity\n";
    for (std::size_t i = 0; i < texts.size(); ++i) {
        for (std::size_t j = 0; j < texts.size(); ++j) table += fmt::format("{:8.4f}", cosines[i * texts.size() + j]);
        table += "  " + shortened(texts[i].text) + "\n";
    }
    return table;
}

}  // namespace detail

/// Turns texts into vectors by a sentence encoder. Nothing is written unless every text succeeds.
struct TextEmbed final : Verb {
    EmbedOptions options;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "embed", "Turn texts into vectors whose cosines say how alike they are");
        if (embeds_only(family)) verb->alias("infer");
        add_embed_options(*verb, family, options);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        options.require_sense();
        EmbedOptions chosen = options;
        const bool quiet = options.report.quiet;
        const bool offline = OfflineModel::is_meant(options.model.weights);
        if (chosen.model.variant.empty() && !offline)
            chosen.model.variant = embedding_variant(program.family, options.model.weights);
        const RequestedModel model(program.family, chosen.model);
        const ModelEntry& entry = model.entry();
        if (pooling_of(entry).empty())
            throw Error(Fault::usage, {.place = "embed",
                                       .found = "variant " + std::string(entry.variant) + ", a classifier",
                                       .wanted = "a sentence encoder",
                                       .remedy = "embed without --variant chooses one; infer runs a classifier"});
        if (!chosen.tokens.sequence && !entry.sentence) chosen.tokens.sequence = usual_sequence();
        const auto texts = read_texts();
        const TextEncoder encoder = text_encoder_of(chosen.tokens, chosen.model, model);
        const auto encoded = encoder.encode(texts);
        const auto& rows = encoded.first;
        const auto& left_out = encoded.second;
        model.require_batch(options.batch, rows.size());
        model.check();
        const auto calibration = text_calibration(chosen.model, {}, chosen.tokens, model);
        const auto bound = model.bind(1, calibration, console, quiet);
        encoder.require(*bound.network);
        const auto vectors = embed(*bound.network, entry, rows, encoder.most, console);

        const std::size_t count = rows.size(), width = vectors.size() / count;
        if (!options.output.empty())
            write_file(options.output,
                       io::npy_bytes(vectors, {static_cast<std::int64_t>(count), static_cast<std::int64_t>(width)}));
        const auto similarities =
            count <= detail::compared_texts ? detail::cosines(vectors, count) : std::vector<double>();
        std::string text =
            fmt::format("{} of {} numbers by {}\n", plural(static_cast<int>(count), "vector"), width, entry.variant);
        if (count > 1 && !similarities.empty()) text += detail::similarity_table(similarities, texts);
        text += cut_texts(texts_cut(left_out));
        print_result(options.report, console, text, [&] {
            Json json = identity_json(program.family, entry);
            json["isa"] = bound.network->isa();
            json["pooling"] = pooling_of(entry), json["normalized"] = normalizes(entry);
            json["texts"] = count, json["dimensions"] = width, json["texts_cut"] = texts_cut(left_out);
            if (!similarities.empty()) {
                json["cosines"] = Json::array();
                for (std::size_t i = 0; i < count; ++i)
                    json["cosines"].push_back(
                        std::vector<double>(similarities.begin() + static_cast<std::ptrdiff_t>(i * count),
                                            similarities.begin() + static_cast<std::ptrdiff_t>((i + 1) * count)));
            }
            bound.describe(json);
            return json;
        });
        return 0;
    }

  private:
    std::vector<text::TextInput> read_texts() const {
        std::vector<text::TextInput> texts;
        for (const std::string& text : options.texts) texts.push_back({options.prefix + text, {}});
        if (!options.lines.empty())
            io::for_each_line_of(options.lines, [&](std::size_t, std::string_view line) {
                texts.push_back({options.prefix + std::string(line), {}});
            });
        if (texts.empty())
            throw Error(Fault::missing,
                        {.file = options.lines, .found = "no texts", .wanted = "at least one, one a line"});
        if (options.limit) texts.resize(std::min(texts.size(), *options.limit));
        return texts;
    }

    /// max_seq_length of the weights' folder, as far as positions reach; nothing without one.
    std::optional<int> usual_sequence() const {
        std::error_code ignored;
        if (!std::filesystem::is_directory(options.model.weights, ignored)) return std::nullopt;
        const auto modules = io::SentenceModules::read(options.model.weights);
        if (!modules || !modules->most_tokens) return std::nullopt;
        return static_cast<int>(std::clamp<std::uint64_t>(*modules->most_tokens,
                                                          static_cast<std::uint64_t>(built_lengths.least),
                                                          static_cast<std::uint64_t>(built_lengths.most)));
    }

    std::vector<float> embed(const AnyModel& network, const ModelEntry& entry, std::span<const TokenRow> rows, int most,
                             Console& console) const {
        const bool quiet = options.report.quiet;
        const auto batch = static_cast<std::size_t>(options.batch),
                   width = static_cast<std::size_t>(entry.output.size());
        WorkerPool workers(worker_count(rows.size(), batch, options.threads));
        tell_threads(options.threads, workers.wanted(), workers.size(), console, quiet);
        Progress progress(console, quiet || rows.size() < 2, "texts", rows.size());
        std::vector<float> vectors(rows.size() * width);
        const auto see = [&](std::size_t i, std::span<const float> vector) {
            task::require_finite_embedding(vector, i);
            std::copy(vector.begin(), vector.end(), vectors.begin() + static_cast<std::ptrdiff_t>(i * width));
            progress.advance(1);
        };
        require_all(
            answer_texts(network, entry, rows, options.padding.padding(), most, batch, workers, see, progress.stop()),
            rows.size(), "embedding");
        return vectors;
    }
};

}  // namespace taxon::app
