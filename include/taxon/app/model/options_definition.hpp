#pragma once
#include <taxon/app/model/options.hpp>

/// Definitions for options.hpp, compiled once for all kinds of programs.
namespace taxon::app {

std::string default_weights_text(const Family& family) {
    const std::string needed = "must be given";
    if (!family.weights.empty()) return std::string(family.weights);
    if (family.embedded.empty()) return needed;
    return "the built-in weights for " + std::string(family.embedded_variant) + "; otherwise " + needed;
}

void add_variant_option(CLI::App& verb, const Family& family, ModelOptions& options) {
    verb.add_option("--variant", options.variant, "Network: " + joined(column(family, &ModelEntry::variant), ", "))
        ->type_name("NAME")
        ->default_str(std::string(family.entries.front().variant));
    const auto sizes = column(family, &ModelEntry::size);
    if (sizes.size() > 1 || !sizes.front().empty())
        verb.add_option("--size", options.size, "Side of the input pictures, in pixels: " + joined(sizes, ", "))
            ->type_name("N")
            ->default_str(std::string(sizes.front()));
}

void add_choice_options(CLI::App& verb, const Family& family, ModelOptions& options) {
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

void add_isa_option(CLI::App& verb, std::string& isa, const std::string& meaning) {
    std::vector<std::string> names{"auto"};
    for (const auto set : cpu::all_isas) names.emplace_back(name_of(set));
    verb.add_option("--isa", isa, meaning)
        ->check(CLI::IsMember(names))
        ->type_name("NAME")
        ->envname("TAXON_ISA")
        ->capture_default_str();
}

void add_weights_key_option(CLI::App& verb, std::string& key) {
    verb.add_option("--weights-key", key,
                    "Which of several state dicts in a PyTorch checkpoint: a key such as model, keys joined by '/', or "
                    ". for the outermost. If the last part ends in '.', the tensors with that prefix, in any format. "
                    "Default: averaged weights (ema) if there are any")
        ->type_name("KEY");
}

void add_model_options(CLI::App& verb, const Family& family, ModelOptions& options) {
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
                   "Instruction set of the cpu backend, " + cpu::isa_choices() + "; auto: the best of this machine");
}

void add_report_options(CLI::App& verb, ReportOptions& options) {
    verb.add_option("--json", options.json, "Write the result as JSON; - means standard output")->type_name("FILE");
    verb.add_flag("--quiet", options.quiet, "Print errors only; results go to files");
}

void add_nonfinite_option(CLI::App& verb, bool& allowed, const std::string& what) {
    verb.add_flag("--allow-nonfinite", allowed, what + ", instead of exit code 4");
}

void add_batch_option(CLI::App& verb, int& batch, const std::string& meaning) {
    verb.add_option("--batch", batch, meaning + ", " + built_batches.text())
        ->check(CLI::Range(built_batches.least, built_batches.most))
        ->type_name("N")
        ->capture_default_str();
}

void add_threads_option(CLI::App& verb, std::optional<int>& threads, const std::string& meaning) {
    constexpr int most = 1024;
    verb.add_option("--threads", threads, meaning)->check(CLI::Range(1, most))->type_name("N");
}

void add_limit_option(CLI::App& verb, std::optional<std::size_t>& limit, const std::string& nouns) {
    constexpr std::size_t most = 1'000'000'000;
    verb.add_option("--limit", limit, "Only the first N " + nouns)
        ->check(CLI::Range(std::size_t{1}, most))
        ->type_name("N");
}

}  // namespace taxon::app
