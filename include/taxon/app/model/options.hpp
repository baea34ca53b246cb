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
    Settings float_settings() const {
        for (const cpu::Isa set : cpu::all_isas)
            if (isa == cpu::name_of(set) && !cpu::suits(set, {})) return {.isa = "auto", .threads = 1};
        return {.isa = isa, .threads = 1};
    }
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

std::string default_weights_text(const Family& family);

void add_variant_option(CLI::App& verb, const Family& family, ModelOptions& options);

/// Options that select a row of the table.
void add_choice_options(CLI::App& verb, const Family& family, ModelOptions& options);

void add_isa_option(CLI::App& verb, std::string& isa, const std::string& meaning);

void add_weights_key_option(CLI::App& verb, std::string& key);

void add_model_options(CLI::App& verb, const Family& family, ModelOptions& options);

void add_report_options(CLI::App& verb, ReportOptions& options);

/// `what`: it allows.
void add_nonfinite_option(CLI::App& verb, bool& allowed, const std::string& what);

void add_batch_option(CLI::App& verb, int& batch, const std::string& meaning);

void add_threads_option(CLI::App& verb, std::optional<int>& threads, const std::string& meaning);

/// `nouns`: the plural of an input.
void add_limit_option(CLI::App& verb, std::optional<std::size_t>& limit, const std::string& nouns);

}  // namespace taxon::app
