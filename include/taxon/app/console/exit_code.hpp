#pragma once
#include <stdexcept>
#include <taxon/core/error.hpp>

namespace taxon::app {

/// What a program tells its caller.
enum class ExitCode : int { done = 0, wrong_use = 2, refused_file = 3, check_failed = 4 };

/// A result that cannot be right, though the files and the options were.
class CheckFailed : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A command line that is not understood.
class WrongUse : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// An instruction set that this machine lacks, or a picture that is not split over threads, is wrong use: no file is at
/// fault.
inline ExitCode exit_code_of(const Error& error) {
    const bool of_a_file = !error.facts().file.empty();
    return error.fault() == Fault::usage || (error.fault() == Fault::unsupported && !of_a_file)
               ? ExitCode::wrong_use
               : ExitCode::refused_file;
}

}  // namespace taxon::app
