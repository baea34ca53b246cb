// Texts, JSON and what reads them: tokenizers, configurations, data sets.
#include <taxon/eval/coco_annotations.hpp>
#include <taxon/eval/coco_detections.hpp>
#include <taxon/eval/glue.hpp>
#include <taxon/eval/labels.hpp>
#include <taxon/io/json_scalars.hpp>
#include <taxon/io/model_config.hpp>
#include <taxon/text/tokenizer.hpp>
#include <taxon/text/vocabulary_file.hpp>

#include "fuzz/target.hpp"
#include "text/small_vocabulary.hpp"

namespace taxon::fuzz {
namespace {

const std::string small_tokenizer_json =
    R"({"added_tokens":[{"id":0,"content":"[PAD]","special":true}],"normalizer":{"type":"BertNormalizer",)"
    R"("clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"pre_tokenizer":)"
    R"({"type":"BertPreTokenizer"},"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",)"
    R"("max_input_chars_per_word":100,"vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"[MASK]":4,"a":5,"##b":6}}})";

const std::string small_annotations =
    R"({"images":[{"id":1,"file_name":"a.jpg","width":4,"height":3}],"categories":[{"id":1,"name":"cat"}],)"
    R"("annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,2,2],"area":4,"iscrowd":0}]})";

const std::vector<std::string> json_words{"{",
                                          "}",
                                          "[",
                                          "]",
                                          ",",
                                          ":",
                                          "\"",
                                          "\\u0041",
                                          "\\",
                                          "true",
                                          "false",
                                          "null",
                                          "1e9",
                                          "-1",
                                          "0.5",
                                          "\\ud83d\\ude00",
                                          "\"id\"",
                                          "\"bbox\"",
                                          "\"image_id\"",
                                          "\"category_id\"",
                                          "\"content\""};

std::vector<std::string> one(std::string seed) { return {std::move(seed)}; }

/// A small vocabulary's tokens of a text, and of a pair where a NUL divides it.
std::size_t tokenize(std::span<const std::byte> bytes) {
    if (bytes.empty()) return 0;
    const std::string_view all = text_of(bytes.subspan(1));
    const auto letter_case =
        (bytes[0] & std::byte{1}) == std::byte{} ? text::LetterCase::cased : text::LetterCase::uncased;
    const std::size_t most = 3 + std::to_integer<std::size_t>(bytes[0]) / 2, divide = all.find('\0');
    text::Tokenizer tokenizer(small_vocabulary(), letter_case);
    text::Encoding encoding;
    const std::string first(all.substr(0, divide));
    const std::optional<std::string> second =
        divide == all.npos ? std::nullopt : std::optional<std::string>(all.substr(divide + 1));
    tokenizer.encode(first, second, most, encoding);
    hold(encoding.ids.size() <= most && encoding.ids.size() == encoding.token_type_ids.size());
    for (const auto id : encoding.ids) hold(static_cast<std::size_t>(id) < small_vocabulary().size());
    return 0;
}

std::size_t read_json(std::span<const std::byte> bytes) {
    std::size_t scalars = 0;
    io::for_each_json_scalar(text_of(bytes), "json", [&](const io::JsonScalar&) { ++scalars; });
    hold(scalars <= bytes.size());
    return 0;
}

std::size_t read_config(std::span<const std::byte> bytes) {
    static_cast<void>(io::ModelConfig::parse(text_of(bytes)));
    return 0;
}

/// What is accepted encodes a text.
std::size_t read_vocabulary(std::span<const std::byte> bytes) {
    const auto stored = text::read_stored_vocabulary(file_of(bytes));
    text::Tokenizer tokenizer(stored.vocabulary, stored.letter_case.value_or(text::LetterCase::cased));
    text::Encoding encoding;
    tokenizer.encode("The cat [SEP] unaffable", std::nullopt, 16, encoding);
    return 0;
}

std::size_t read_class_names(std::span<const std::byte> bytes) {
    static_cast<void>(eval::read_labels(file_of(bytes)));
    return 0;
}

std::size_t read_table(std::span<const std::byte> bytes) {
    const std::filesystem::path file = file_of(bytes);
    for (const eval::GlueTask& task : eval::glue_tasks()) {
        try {
            static_cast<void>(eval::read_glue(file, task));
        } catch (const Error&) {}
    }
    return 0;
}

std::size_t read_annotations(std::span<const std::byte> bytes) {
    static_cast<void>(eval::CocoAnnotations::read(file_of(bytes)));
    return 0;
}

}  // namespace

std::vector<Target> text_targets() {
    return {
        {"tokenizer",
         tokenize,
         [] {
             return std::vector<std::string>{std::string("\x21The cat is unaffable, caf\u00e9! \u4e2d\u6587"),
                                             std::string("\x40[CLS] a [MASK] b") + '\0' + "Istanbul \u0130 5.5$"};
         },
         {"[SEP]", "[UNK]", "##", "\u0301", "\u00e9", "\u4e2d", "\u200d", "\xff"}},
        {"json", read_json, [] { return one(R"({"a":[1,-2.5e3,"x\u00e9\ud83d\ude00"],"b":{"c":null,"d":true}})"); },
         json_words},
        {"config", read_config,
         [] { return one(R"({"hidden_size":16,"hidden_act":"gelu","id2label":{"0":"a","1":"b"},"x":[1,{}]})"); },
         json_words},
        {"vocabulary",
         read_vocabulary,
         [] {
             return std::vector<std::string>{small_vocabulary_text(), small_vocabulary_text("\r\n")};
         },
         {"[PAD]\n", "##", "\xEF\xBB\xBF", "\n"}},
        {"tokenizer_json", read_vocabulary, [] { return one(small_tokenizer_json); }, json_words},
        {"class_names", read_class_names, [] { return one("cat\ndog\nhot dog\n"); }, {"\n", "\r\n", "\xEF\xBB\xBF"}},
        {"glue",
         read_table,
         [] {
             return std::vector<std::string>{"sentence\tlabel\na good film\t1\nbad\t0\n",
                                             "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t2\t3\ta b\tc d\n"};
         },
         {"\t", "\n", "sentence", "label", "Quality", "#1 String", "\xEF\xBB\xBF"}},
        {"coco_annotations", read_annotations, [] { return one(small_annotations); }, json_words}};
}

}  // namespace taxon::fuzz
