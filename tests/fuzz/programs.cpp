// The programs whose command lines are fuzzed; the tests have theirs compiled already.
#include <taxon/app/detector/program_definition.hpp>
#include <taxon/app/picture/program_definition.hpp>
#include <taxon/app/text/program_definition.hpp>
#include <taxon/app/verbs/of_every_kind_definition.hpp>
