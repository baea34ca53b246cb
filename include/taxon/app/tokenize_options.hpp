#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <taxon/app/options.hpp>
#include <taxon/app/output_file.hpp>
#include <taxon/app/text_family.hpp>
#include <taxon/io/utf8.hpp>
#include <utility>
#include <vector>

namespace taxon::app {

struct TokenizeOptions {
    ReportOptions report;
    std::string variant, vocabulary, backend = "cpu", isa = "auto";
    bool lower_case = false, cased = false;
    int sequence = 128;
    std::string table, text_column = "sentence", pair_column, input_json, output_folder;
    std::optional<std::string> text, pair;
    std::optional<std::size_t> limit;

    /// Throws Fault::usage for options that contradict each other and for outputs that cannot be written.
    void require_sense() const {
        const int sources = (text ? 1 : 0) + (table.empty() ? 0 : 1) + (input_json.empty() ? 0 : 1);
        if (sources != 1)
            throw Error(Fault::usage, {.place = "tokenize", .found = sources == 0 ? "no input" : "inputs of several kinds", .wanted = "--text TEXT, --input-json FILE, or a TSV"});
        if (pair && !text) throw Error(Fault::usage, {.place = "--text-pair", .found = "no --text", .wanted = "both texts of the pair"});
        for (const auto& [option, words] : {std::pair{"--text", text}, std::pair{"--text-pair", pair}})
            if (words && !io::is_utf8(*words)) throw Error(Fault::usage, {.place = option, .found = "bytes that are not UTF-8", .wanted = "a text in UTF-8"});
        require_writable("--json", report.json);
    }
};

inline CLI::App* add_tokenize(CLI::App& program, const TextFamily& family, TokenizeOptions& options) {
    auto* verb = program.add_subcommand("tokenize", "Turn texts into the tokens that a network takes");
    auto* table = verb->add_option("table", options.table, "Texts in a column of a TSV, below a heading")->type_name("FILE.tsv");
    verb->add_option("--text-column", options.text_column, "The TSV's column of texts")->needs(table)->type_name("NAME")->capture_default_str();
    verb->add_option("--pair-column", options.pair_column, "The TSV's column of second texts. Default: there are none")->needs(table)->type_name("NAME");
    verb->add_option("--text", options.text, "Instead of a TSV: one text")->type_name("TEXT");
    verb->add_option("--text-pair", options.pair, "The second text of a pair")->type_name("TEXT");
    verb->add_option("--input-json", options.input_json, "Instead of a TSV: a list of [text] or [text, pair]")->type_name("FILE");
    verb->add_option("--vocab", options.vocabulary, "A vocab.txt, a tokenizer.json, or a folder in Hugging Face layout that has one of them")->required()->type_name("FILE");

    std::vector<std::string_view> names;
    for (const auto& variant : family.variants) names.emplace_back(variant.name);
    options.variant = std::string(names.front());
    verb->add_option("--variant", options.variant, "Which network the tokens are for: " + joined(names, ", ") + "; says whether texts are made lower case")
        ->check(CLI::IsMember(std::vector<std::string>(names.begin(), names.end())))
        ->type_name("NAME")
        ->capture_default_str();
    auto* lower = verb->add_flag("--lower-case", options.lower_case,
                                 "Make texts lower case and take their accents off. Default: what tokenizer.json or the tokenizer_config.json beside the vocabulary says, else the variant's way");
    verb->add_flag("--cased", options.cased, "Leave texts as they are")->excludes(lower);
    verb->add_option("--sequence", options.sequence, "The most tokens of a text, 3 to 512; the end of the longer one of a pair is cut first")
        ->check(CLI::Range(3, 512))
        ->type_name("N")
        ->capture_default_str();
    verb->add_option("--limit", options.limit, "Only the first N texts")->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40))->type_name("N");
    verb->add_option("--output-dir", options.output_folder,
                     "Write input_ids.npy, token_type_ids.npy and attention_mask.npy into this folder, int64 of shape (texts, N), padded")->type_name("DIR");
    const std::string no_network = " (no network runs here: checked, and without effect)";
    verb->add_option("--backend", options.backend, "cpu or reference" + no_network)->check(CLI::IsMember({"cpu", "reference"}))->type_name("NAME")->capture_default_str();
    verb->add_option("--isa", options.isa, "auto, amx, avx512, avx2 or portable" + no_network)
        ->check(CLI::IsMember({"auto", "amx", "avx512", "avx2", "portable"}))
        ->type_name("NAME")
        ->envname("TAXON_ISA")
        ->capture_default_str();
    add_report_options(*verb, options.report);
    return verb;
}

}  // namespace taxon::app
