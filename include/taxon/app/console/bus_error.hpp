#pragma once
#include <csignal>
#include <string_view>
#include <unistd.h>

#include <taxon/app/console/exit_code.hpp>

namespace taxon::app {

/// Ends the process with a line and an exit code where a mapped file has been cut short by another process, unless
/// somebody handles that signal already.
inline void tell_bus_errors() {
    struct ::sigaction present {};
    if (::sigaction(SIGBUS, nullptr, &present) != 0 || (present.sa_flags & SA_SIGINFO) != 0 ||
        present.sa_handler != SIG_DFL)
        return;
    struct ::sigaction ours {};
    ours.sa_handler = [](int) {
        constexpr std::string_view line = "[truncated] found a mapped file that another process has truncated; replace "
                                          "files in use by renaming new ones over them\n";
        static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
        ::_exit(static_cast<int>(ExitCode::refused_file));
    };
    ::sigaction(SIGBUS, &ours, nullptr);
}

}  // namespace taxon::app
