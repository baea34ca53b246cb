#pragma once
#include <memory>
#include <string>
#include <taxon/app/model/calibration.hpp>
#include <taxon/app/model/generated_sample.hpp>
#include <taxon/app/text/text_encoder.hpp>
#include <taxon/app/text/source.hpp>
#include <taxon/app/model/open_weights.hpp>

namespace taxon::app {

/// Options that name calibration texts. Few of a text's values are far larger than the others, but always the same
/// ones, so clipping them costs more than coarser steps do: ranges are usually from minimum to maximum.
inline void add_text_calibration_options(CLI::App& verb, CalibrationOptions& options) {
    verb.add_option("--calibration-file", options.table,
                    "TSV of texts, in the same columns, to calibrate a quantized precision with")
        ->type_name("TSV");
    options.usual_method = quantize::Method::linear;
    add_calibration_method_options(verb, options);
}

/// Tokenized texts as inputs.
inline CalibrationInputs inputs_of(std::vector<TokenRow> rows) {
    return {rows.size(),
            [rows = std::make_shared<const std::vector<TokenRow>>(std::move(rows))](
                std::size_t i, std::vector<float>& to) { to = (*rows)[i]; },
            "texts"};
}

/// The texts that the options name; without any, `generated` texts of --sequence tokens.
inline CalibrationSource text_samples(const ModelOptions& options, const ColumnOptions& columns,
                                      const TokenOptions& tokens, const RequestedModel& model,
                                      const std::string& salt = "", std::size_t generated = 1) {
    return [&, salt, generated](const AnyModel&, const ModelEntry& entry) -> CalibrationInputs {
        if (options.calibration.named()) {
            const auto texts = eval::texts_of(eval::Tsv::read(options.calibration.table), columns.columns());
            if (texts.empty())
                throw Error(Fault::missing,
                            {.file = options.calibration.table, .found = "no texts", .wanted = "at least one"});
            return inputs_of(text_encoder_of(tokens, options, model).encode(texts).first);
        }
        const int length = sequence_of(tokens, model);
        const auto size = static_cast<std::ptrdiff_t>(sample_size(entry, length));
        return {generated,
                [all = generated_samples(salt, entry, generated, length), size](std::size_t i, std::vector<float>& to) {
                    to.assign(all.begin() + static_cast<std::ptrdiff_t>(i) * size,
                              all.begin() + static_cast<std::ptrdiff_t>(i + 1) * size);
                }};
    };
}

/// The same, but generated texts only for generated weights.
inline CalibrationSource text_calibration(const ModelOptions& options, const ColumnOptions& columns,
                                          const TokenOptions& tokens, const RequestedModel& model,
                                          const std::string& salt = "", std::size_t generated = 1) {
    return [&, samples = text_samples(options, columns, tokens, model, salt, generated)](const AnyModel& network,
                                                                                         const ModelEntry& entry) {
        if (!options.calibration.named() && !names_synthetic_weights(options.weights))
            throw Error(Fault::usage, {.place = "--precision " + std::string(entry.precision),
                                       .found = "no ranges of its values",
                                       .wanted = "--calibration-file TSV of typical texts, or a .taxon file",
                                       .remedy = "gen makes one"});
        return samples(network, entry);
    };
}

}  // namespace taxon::app
