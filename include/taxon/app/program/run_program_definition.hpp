#pragma once
#include <filesystem>
#include <taxon/app/console/bus_error.hpp>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/failure.hpp>
#include <taxon/app/console/stop_signals.hpp>
#include <taxon/app/program/run_program.hpp>
#include <taxon/system/process.hpp>

#include <CLI/CLI.hpp>

/// Definition for run_program.hpp, compiled once for all kinds of programs.
namespace taxon::app {

namespace detail {

inline std::string footer_of(const std::string& name, const std::vector<std::string>& examples) {
    std::string text = "Examples:\n";
    for (const auto& example : examples) text.append("  ").append(name).append(" ").append(example).append("\n");
    return text +
           "\nExit codes: 0 success; 2 usage error; 3 a file that cannot be read, is invalid or cannot be written;\n"
           "4 a failed check; 130 and 143 stopped by Ctrl-C and SIGTERM, keeping what there is.\n";
}

inline int run_verb(int argc, const char* const* argv, const Program& program, const ProgramKind& kind,
                    const Verbs& verbs, Console& console) {
    const Family& family = program.family;
    if (family.entries.empty()) throw WrongUse("no network is built into this program; see TAXON_VARIANTS in CMake");
    const std::string name = std::filesystem::path(program.executable).filename().string();
    CLI::App line(std::string(kind.description) + " of the " + std::string(family.name) + " family, on the CPU.", name);
    add_usual_flags(line);
    std::vector<const CLI::App*> added;
    for (const auto& verb : verbs) added.push_back(verb->add(line, family));
    line.footer(footer_of(name, kind.examples));  // last: a verb would inherit it
    if (const auto code = parse(line, argc, argv, console)) return *code;
    for (std::size_t i = 0; i < verbs.size(); ++i)
        if (*added[i]) return verbs[i]->run(program, console);
    throw WrongUse("no verb; see " + name + " --help");  // the parser requires one
}

}  // namespace detail

int run_program(int argc, const char* const* argv, const Family& family, const ProgramKind& kind, const Verbs& verbs,
                Console& console) {
    tell_bus_errors();
    const Program program{family, argc > 0 ? argv[0] : std::string(family.name)};
    system::ignore_file_size_signal();  // standard output fails, as on a full disk, and is reported
    const StopSignals signals;
    const int code = with_failures_told(program.executable, console, "try a smaller --batch or fewer --threads",
                                        [&] { return detail::run_verb(argc, argv, program, kind, verbs, console); });
    const bool succeeded = code == 0 || code == static_cast<int>(ExitCode::stopped);
    return succeeded && StopSignals::requested() ? StopSignals::exit_code() : code;
}

}  // namespace taxon::app
