#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/run/input_tensor.hpp>
#include <taxon/app/shard/digest.hpp>
#include <taxon/app/shard/share.hpp>
#include <taxon/app/text/infer_options.hpp>
#include <taxon/app/text/text_encoder.hpp>
#include <taxon/app/text/token_tensors.hpp>
#include <tuple>
#include <vector>

namespace taxon::app {

/// The inputs: tokens, and their texts if there are any.
struct TextQuestions {
    std::vector<TokenRow> rows;
    std::vector<TextInput> texts{};
    std::vector<std::size_t> left_out{};
    std::optional<TextEncoder> encoder{};  ///< of the texts

    Share share{};

    std::string name(std::size_t i) const {
        if (texts.empty()) return "input[" + std::to_string(share.number(i)) + "]";
        return texts[i].text + (texts[i].pair ? " | " + *texts[i].pair : "");
    }
};

/// Those of a share.
inline TextQuestions questions_of_share(const TextQuestions& all, const Share& share) {
    TextQuestions some{share.of(all.rows, "text"), {}, {}, all.encoder, share};
    if (!all.texts.empty()) some.texts = share.of(all.texts, "text");
    if (!all.left_out.empty()) some.left_out = share.of(all.left_out, "text");
    return some;
}

/// What identifies all inputs on any machine: their tokens.
inline std::string digest_of(const TextQuestions& all) {
    Digest digest;
    for (const TokenRow& row : all.rows) digest.add(io::Crc32c::of(std::as_bytes(std::span(row))));
    return digest.text();
}

inline TextQuestions questions_of(const TextInferOptions& options, const RequestedModel& model) {
    const int most = sequence_of(options.tokens, model);
    TextQuestions questions;
    if (!options.generated.empty())
        questions.rows = generated_rows(std::string(salt_of(options.generated)), model.entry(), options.batch, most);
    else if (!options.tensors.empty()) questions.rows = rows_of_tensors(options.tensors, most);
    else {
        questions.texts = text_inputs(options.source);
        questions.encoder = text_encoder_of(options.tokens, options.model, model);
        std::tie(questions.rows, questions.left_out) = questions.encoder->encode(questions.texts);
    }
    if (options.source.limit) questions.rows.resize(std::min(questions.rows.size(), *options.source.limit));
    return questions;
}

}  // namespace taxon::app
