#pragma once
#include <limits>
#include <optional>
#include <string>
#include <taxon/app/console/finite.hpp>
#include <taxon/app/gen/options.hpp>
#include <taxon/app/gen/level.hpp>

namespace taxon::app {

/// Options of a verb `gen` that can choose the precision itself.
struct LevelOptions : GenOptions {
    std::string level, dataset;  ///< level: empty, or one of level_names
    std::optional<double> max_drop;

    static constexpr double usual_max_drop = 1;  ///< percentage points

    /// The bound on a precision's drop, in percentage points. O3 has none unless given.
    double bound(Level of) const {
        return max_drop.value_or(of == Level::O3 ? std::numeric_limits<double>::infinity() : usual_max_drop);
    }
};

inline void add_level_options(CLI::App& verb, LevelOptions& options) {
    const std::vector<std::string> names(std::begin(level_names), std::end(level_names));
    auto* level = verb.add_option("--level", options.level,
                                  "Instead of --precision: the fastest compiled precision within --max-drop, "
                                  "measured on this machine and one thread. O0 "
                                  "float32; O1 also half and bfloat16; O2 also 8-bit integers, with a scan of the "
                                  "layers; O3 8-bit integers alone")
                      ->check(CLI::IsMember(names))
                      ->excludes(verb.get_option("--precision"))
                      ->type_name("NAME");
    verb.add_option("--max-drop", options.max_drop,
                    "Accuracy that --level may lose against float32, in percentage points: of top-1 on --dataset; "
                    "without that, "
                    "of calibration pictures (or generated "
                    "inputs) whose best class is another one. O3 has no bound unless it is given")
        ->check(CLI::Range(0., 100.))
        ->check(finite)
        ->needs(level)
        ->type_name("POINTS")
        ->default_str("1");
    verb.add_option("--dataset", options.dataset, "Labelled pictures to measure top-1 on for --level, as eval's")
        ->needs(level)
        ->type_name("DIR_OR_FILE");
}

}  // namespace taxon::app
