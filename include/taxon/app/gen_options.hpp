#pragma once
#include <optional>
#include <string>
#include <limits>
#include <taxon/app/batch_range.hpp>
#include <taxon/app/level.hpp>
#include <taxon/app/options.hpp>

namespace taxon::app {

struct GenOptions {
    ModelOptions model;
    ReportOptions report;
    std::string output, labels, batch_text = "1:256", level, dataset;  ///< level: empty, or one of level_names
    std::optional<double> max_drop;

    static constexpr double usual_max_drop = 1;  ///< percentage points

    /// The bound on what a precision may drop, in percentage points. O3 has none that is not given.
    double bound(Level of) const { return max_drop.value_or(of == Level::O3 ? std::numeric_limits<double>::infinity() : usual_max_drop); }

    /// Throws Fault::usage.
    BatchRange batch() const {
        const auto range = BatchRange::parse(batch_text);
        if (!range) throw Error(Fault::usage, {.place = "--batch", .found = "'" + batch_text + "'", .wanted = "N or MIN:MAX, from 1 to " + std::to_string(BatchRange::most_built)});
        return *range;
    }
};

inline CLI::App* add_gen(CLI::App& program, const Family& family, GenOptions& options) {
    auto* verb = program.add_subcommand("gen", "Write an off-line .taxon file: packed weights, ready to be mapped");
    verb->add_option("--output", options.output, "The file to write; an old one is replaced once the new one is whole")->required()->type_name("FILE.taxon");
    add_model_options(*verb, family, options.model);
    add_calibration_options(*verb, options.model.calibration);
    auto* level = verb->add_option("--level", options.level,
                                   "Instead of --precision: the quickest of those built in that hold --max-drop, measured on this machine and one thread. O0 "
                                   "float32; O1 also half and bfloat16; O2 also 8-bit integers, with a scan of the layers; O3 8-bit integers alone")
                      ->check(CLI::IsMember({"O0", "O1", "O2", "O3"}))
                      ->excludes(verb->get_option("--precision"))
                      ->type_name("NAME");
    verb->add_option("--max-drop", options.max_drop,
                     "What --level may cost against float32, in percentage points: of top-1 on --dataset; without that, of calibration pictures (or generated "
                     "inputs) whose best class is another one. O3 has no bound unless it is given")
        ->check(CLI::Range(0., 100.))
        ->needs(level)
        ->type_name("POINTS")
        ->default_str("1");
    verb->add_option("--dataset", options.dataset, "Labelled pictures that --level measures top-1 on, as eval's")->needs(level)->type_name("DIR_OR_FILE");
    verb->add_option("--labels", options.labels, "The classes' names to store, a line each. Default: those in this program for its embedded network")->type_name("FILE");
    verb->add_option("--batch", options.batch_text, "The batches that the file is for: N or MIN:MAX")->type_name("RANGE")->capture_default_str();
    add_report_options(*verb, options.report);
    return verb;
}

}  // namespace taxon::app
