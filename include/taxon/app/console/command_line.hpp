#pragma once
#include <optional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/app/console/version.hpp>

#include <CLI/CLI.hpp>

namespace taxon::app {

// Defined in command_line_definition.hpp: of CLI11, all of which is inline, only the parts that add options are then
// compiled into every kind of program.

/// Common parts of every program's command line: help, version, and exactly one verb.
void add_usual_flags(CLI::App& program);

/// Adds a verb. Its options are the caller's.
CLI::App* add_verb(CLI::App& program, const std::string& name, const std::string& description);

/// Parses a command line. Returns an exit code if only help or the version was requested, which it prints. Throws
/// WrongUse with a sentence that names the help to read.
std::optional<int> parse(CLI::App& program, int argc, const char* const* argv, Console& console);

}  // namespace taxon::app
