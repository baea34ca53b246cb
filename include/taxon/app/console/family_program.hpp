#pragma once
#include <string>
#include <taxon/app/console/failure.hpp>
#include <taxon/app/model/model_entry.hpp>

namespace taxon::app {

/// Runs the command line `Program` of a family; every exception becomes a line on standard error and an exit code.
template <class Program>
int with_family(int argc, const char* const* argv, const Family& family, Console& console) {
    const std::string executable = argc > 0 ? argv[0] : std::string(family.name);
    return with_failures_told(executable, console, "try a smaller --batch or fewer --threads", [&] {
        if (family.entries.empty())
            throw WrongUse("no network is built into this program; see TAXON_VARIANTS in CMake");
        return Program(family, executable).run(argc, argv, console);
    });
}

}  // namespace taxon::app
