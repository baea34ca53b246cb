#pragma once
#include <string>
#include <string_view>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/program/verb.hpp>
#include <vector>

namespace taxon::app {

/// The kind of program that a command line belongs to.
struct ProgramKind {
    std::string_view description;       ///< "Detectors": what the family is one of
    std::vector<std::string> examples;  ///< command lines without the program's name
};

/// "--weights FILE " for a program's examples, unless the program has its first variant's.
inline std::string weights_argument(const Family& family, std::string_view file) {
    const bool has_them = !family.weights.empty() || (!family.embedded.empty() && !family.entries.empty() &&
                                                      family.embedded_variant == family.entries.front().variant);
    return has_them ? "" : "--weights " + std::string(file) + " ";
}

/// Runs the verb that the command line names. Returns the exit code; every exception becomes a line on standard error.
/// A verb that was asked to stop returns as usual, after writing what it has: the exit code tells.
int run_program(int argc, const char* const* argv, const Family& family, const ProgramKind& kind, const Verbs& verbs,
                Console& console);

}  // namespace taxon::app
