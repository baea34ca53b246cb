#pragma once
#include <cstdlib>
#include <string_view>
#include <unistd.h>

#include <taxon/app/console/exit_code.hpp>
#include <taxon/system/signals.hpp>

namespace taxon::app {

/// Ends the process with a line and an exit code where a mapped file has been cut short by another process, unless
/// somebody handles that signal already.
inline void tell_bus_errors() {
    system::on_lost_page([] {
        constexpr std::string_view line = "[truncated] found a mapped file that another process has truncated; replace "
                                          "files in use by renaming new ones over them\n";
        static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
        std::_Exit(static_cast<int>(ExitCode::refused_file));
    });
}

}  // namespace taxon::app
