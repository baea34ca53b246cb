#pragma once
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/model/size_range.hpp>

namespace taxon::app {

/// Options common to every verb `gen`.
struct GenOptions {
    ModelOptions model;
    ReportOptions report;
    std::string output, labels, batch_text = built_batches.option();

    /// Throws Fault::usage.
    SizeRange batch() const { return range_of("--batch", batch_text, built_batches); }

  protected:
    static SizeRange range_of(const char* option, const std::string& text, const SizeRange& built) {
        const auto range = SizeRange::parse(text, built);
        if (!range)
            throw Error(Fault::usage,
                        {.place = option, .found = "'" + text + "'", .wanted = "N or MIN:MAX, from " + built.text()});
        return *range;
    }
};

inline CLI::App* add_gen(CLI::App& program, const Family& family, GenOptions& options) {
    auto* verb = add_verb(program, "gen", "Write an offline .taxon file: packed weights, ready to be mapped");
    verb->add_option("--output", options.output, "Output file; an existing one is replaced atomically")
        ->required()
        ->type_name("FILE.taxon");
    add_model_options(*verb, family, options.model);
    verb->add_option("--labels", options.labels,
                     "Class names to store, one per line. Default: the built-in ones, for the built-in weights")
        ->type_name("FILE");
    verb->add_option("--batch", options.batch_text, "Batch sizes that the file serves: N or MIN:MAX")
        ->type_name("RANGE")
        ->capture_default_str();
    add_report_options(*verb, options.report);
    return verb;
}

}  // namespace taxon::app
