#pragma once
#include <stdexcept>
#include <taxon/core/error.hpp>

namespace taxon::app {

/// Exit codes. Stopped work has Ctrl-C's; after SIGTERM it is 143.
enum class ExitCode : int { done = 0, wrong_use = 2, refused_file = 3, check_failed = 4, stopped = 130 };

/// A result that cannot be right although the files and the options were.
class CheckFailed : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Work that the user has stopped and that is of no use in part.
class Stopped : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// An invalid command line.
class WrongUse : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// An instruction set that this machine lacks, or a picture that is not split over threads, counts as wrong use: no
/// file is at fault.
inline ExitCode exit_code_of(const Error& error) {
    const bool of_a_file = !error.facts().file.empty();
    return error.fault() == Fault::usage || (error.fault() == Fault::unsupported && !of_a_file)
               ? ExitCode::wrong_use
               : ExitCode::refused_file;
}

}  // namespace taxon::app
