#pragma once
#include <optional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/model/calibration_options.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/model/size_range.hpp>
#include <taxon/app/model/table.hpp>
#include <taxon/backend/cpu/isa.hpp>
#include <taxon/backend/cpu/processors.hpp>
#include <taxon/core/error.hpp>
#include <vector>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Options common to every verb that runs a network: which one, and how. Variant, precision and execution are empty
/// unless given.
struct ModelOptions {
    std::string variant, precision, backend, execution, size, isa = "auto", weights, weights_key;
    CalibrationOptions calibration{};

    /// Without --variant, the family's first.
    ModelQuery choice(const Family& family) const {
        return {variant.empty() ? std::string(family.entries.front().variant) : variant, precision, backend, execution,
                size};
    }
    Settings settings(int threads = 1) const { return {.isa = isa, .threads = threads}; }
    /// For the same network in float32, which matrix tiles do not multiply.
    Settings float_settings() const { return {.isa = isa == cpu::name_of(cpu::Isa::amx) ? "auto" : isa, .threads = 1}; }
};

/// Reporting options common to the verbs.
struct ReportOptions {
    bool quiet = false;
    std::string json;

    /// The file of --json, for require_outputs: none if it is not given or "-", the standard output.
    NamedFile file() const { return {"--json", json == "-" ? std::string() : json}; }
};

/// Prints a result: `text` for people, first, so that it is seen where the file cannot be written; then json() as
/// --json asks. Standard output has one of both.
template <class ToJson>
void print_result(const ReportOptions& options, Console& console, const std::string& text, ToJson&& json) {
    if (!options.quiet && options.json != "-") console.out << text;
    if (options.json == "-") console.out << json_text(json());
    else if (!options.json.empty()) write_json(options.json, json());
}

inline std::string default_weights_text(const Family& family) {
    const std::string needed = "must be given";
    if (!family.weights.empty()) return std::string(family.weights);
    if (family.embedded.empty()) return needed;
    return "the built-in weights for " + std::string(family.embedded_variant) + "; otherwise " + needed;
}

inline void add_variant_option(CLI::App& verb, const Family& family, ModelOptions& options) {
    verb.add_option("--variant", options.variant, "Network: " + joined(column(family, &ModelEntry::variant), ", "))
        ->type_name("NAME")
        ->default_str(std::string(family.entries.front().variant));
    const auto sizes = column(family, &ModelEntry::size);
    if (sizes.size() > 1 || !sizes.front().empty())
        verb.add_option("--size", options.size, "Side of the input pictures, in pixels: " + joined(sizes, ", "))
            ->type_name("N")
            ->default_str(std::string(sizes.front()));
}

/// Options that select a row of the table.
inline void add_choice_options(CLI::App& verb, const Family& family, ModelOptions& options) {
    add_variant_option(verb, family, options);
    verb.add_option("--precision", options.precision,
                    "Number types: " + joined(column(family, &ModelEntry::precision), ", "))
        ->type_name("NAME")
        ->default_str(std::string(family.entries.front().precision));
    options.backend = family.entries.front().backend;
    verb.add_option("--backend", options.backend, "Backend: " + joined(column(family, &ModelEntry::backend), ", "))
        ->type_name("NAME")
        ->capture_default_str();
    verb.add_option("--execution", options.execution,
                    "Execution of the layers: " + joined(column(family, &ModelEntry::execution), ", ") +
                        ". Default: the backend's first in this list")
        ->type_name("NAME");
}

inline void add_isa_option(CLI::App& verb, std::string& isa, const std::string& meaning) {
    std::vector<std::string> names{"auto"};
    for (const auto name : cpu::isa_names) names.emplace_back(name);
    verb.add_option("--isa", isa, meaning)
        ->check(CLI::IsMember(names))
        ->type_name("NAME")
        ->envname("TAXON_ISA")
        ->capture_default_str();
}

inline void add_weights_key_option(CLI::App& verb, std::string& key) {
    verb.add_option("--weights-key", key,
                    "Which of several state dicts in a PyTorch checkpoint: a key such as model, keys joined by '/', or "
                    ". for the outermost. If the last part ends in '.', the tensors with that prefix, in any format. "
                    "Default: averaged weights (ema) if there are any")
        ->type_name("KEY");
}

inline void add_model_options(CLI::App& verb, const Family& family, ModelOptions& options) {
    add_choice_options(verb, family, options);
    options.weights = family.weights;
    verb.add_option("--weights", options.weights,
                    "A .pth, .pt or .bin checkpoint, .safetensors or its index, a folder in Hugging Face layout, "
                    "Darknet's .weights, an offline .taxon file (which determines variant and precision), or "
                    "synthetic[:SALT][@GAIN] (generated; gain 1.5). Default: " +
                        default_weights_text(family))
        ->type_name("FILE");
    add_weights_key_option(verb, options.weights_key);
    add_isa_option(verb, options.isa,
                   "Instruction set of the cpu backend: auto (the best of this machine), amx (for 8-bit integers and "
                   "bfloat16), avx512, avx2, portable");
}

inline void add_report_options(CLI::App& verb, ReportOptions& options) {
    verb.add_option("--json", options.json, "Write the result as JSON; - means standard output")->type_name("FILE");
    verb.add_flag("--quiet", options.quiet, "Print errors only; results go to files");
}

/// `what`: it allows.
inline void add_nonfinite_option(CLI::App& verb, bool& allowed, const std::string& what) {
    verb.add_flag("--allow-nonfinite", allowed, what + ", instead of exit code 4");
}

inline void add_batch_option(CLI::App& verb, int& batch, const std::string& meaning) {
    verb.add_option("--batch", batch, meaning + ", " + built_batches.text())
        ->check(CLI::Range(built_batches.least, built_batches.most))
        ->type_name("N")
        ->capture_default_str();
}

inline void add_threads_option(CLI::App& verb, std::optional<int>& threads, const std::string& meaning) {
    constexpr int most = 1024;
    verb.add_option("--threads", threads, meaning)->check(CLI::Range(1, most))->type_name("N");
}

/// `nouns`: the plural of an input.
inline void add_limit_option(CLI::App& verb, std::optional<std::size_t>& limit, const std::string& nouns) {
    constexpr std::size_t most = 1'000'000'000;
    verb.add_option("--limit", limit, "Only the first N " + nouns)
        ->check(CLI::Range(std::size_t{1}, most))
        ->type_name("N");
}

}  // namespace taxon::app
