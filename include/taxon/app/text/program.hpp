#pragma once
#include <taxon/app/model/model_entry.hpp>

namespace taxon::app {

struct Console;

/// The command line of a family of text classifiers; --help lists its verbs. Returns the exit code, and every exception
/// becomes one line on standard error: 0 success, 2 wrong use, 3 a file that is unreadable, invalid or cannot be
/// written, 4 a failed check. One source file of the program includes program_definition.hpp.
int text_main(int argc, const char* const* argv, const Family& family, Console console);

/// The same on the process's own streams: an example's whole main.
int text_main(int argc, char** argv, const Family& family);

}  // namespace taxon::app
