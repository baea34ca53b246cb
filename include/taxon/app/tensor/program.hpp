#pragma once
#include <taxon/app/model/model_entry.hpp>

namespace taxon::app {

struct Console;

/// The command line of a family of networks whose inputs and outputs are tensors, any number of each. Otherwise as
/// classifier_main. One source file of the program includes program_definition.hpp.
int tensor_main(int argc, const char* const* argv, const Family& family, Console console);

/// The same on the process's own streams: a whole main.
int tensor_main(int argc, char** argv, const Family& family);

}  // namespace taxon::app
