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

    /// The query for a row of the table: with --level, float32's, which the others are compared with.
    ModelOptions requested() const {
        ModelOptions wanted = model;
        if (level.empty()) return wanted;
        wanted.calibration.require_sense();
        wanted.calibration = {};
        wanted.precision = precision::Float32::name;
        return wanted;
    }

    /// The bound on a precision's drop, in percentage points. O3 has none unless given.
    double bound(Level of) const {
        return max_drop.value_or(of == Level::O3 ? std::numeric_limits<double>::infinity() : usual_max_drop);
    }
};

/// `accuracy`: what --max-drop is measured in.
inline void add_level_options(CLI::App& verb, LevelOptions& options, const std::string& accuracy) {
    const std::vector<std::string> names(std::begin(level_names), std::end(level_names));
    auto* level =
        verb.add_option("--level", options.level,
                        "Instead of --precision: the fastest compiled precision within --max-drop, measured on "
                        "this machine on one thread. O0: float32; O1: also float16 and bfloat16; O2: also 8-bit "
                        "integers, and measures each layer's sensitivity; O3: only 8-bit integers")
            ->check(CLI::IsMember(names))
            ->excludes(verb.get_option("--precision"))
            ->type_name("NAME");
    verb.add_option("--max-drop", options.max_drop,
                    "Bound for --level: what may be lost against float32, in percentage points: " + accuracy +
                        ". O3 has no bound unless this is given")
        ->check(CLI::Range(0., 100.))
        ->check(finite)
        ->needs(level)
        ->type_name("POINTS")
        ->default_str("1");
}

}  // namespace taxon::app
