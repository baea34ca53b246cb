#pragma once
#include <boost/hana/tuple.hpp>
#include <iterator>
#include <taxon/app/console/command_line_definition.hpp>
#include <taxon/app/console/json_definition.hpp>
#include <taxon/app/console/output_file_definition.hpp>
#include <taxon/app/convert/convert.hpp>
#include <taxon/app/describe/describe.hpp>
#include <taxon/app/diff/diff.hpp>
#include <taxon/app/export_onnx/export_onnx.hpp>
#include <taxon/app/inspect/inspect.hpp>
#include <taxon/app/model/calibrated_weights_definition.hpp>
#include <taxon/app/model/calibration_options_definition.hpp>
#include <taxon/app/model/offline_facts_definition.hpp>
#include <taxon/app/model/offline_model_definition.hpp>
#include <taxon/app/model/open_weights_definition.hpp>
#include <taxon/app/model/options_definition.hpp>
#include <taxon/app/model/requested_model_definition.hpp>
#include <taxon/app/model/table_definition.hpp>
#include <taxon/app/perf/perf_definition.hpp>
#include <taxon/app/profile/profiling_definition.hpp>
#include <taxon/app/program/run_program_definition.hpp>
#include <taxon/app/program/verb_list.hpp>
#include <taxon/app/verbs/of_every_kind.hpp>
#include <taxon/app/verify/verify.hpp>

/// Definition for of_every_kind.hpp, with all others that are compiled once for all kinds of programs.
namespace taxon::app {

void add_verbs_of_every_kind(Verbs& verbs, const MakeSampleOptions& samples) {
    Verbs more = make_verbs(boost::hana::tuple_t<Verify, Convert, Describe, Inspect>);
    verbs.insert(verbs.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    verbs.insert(verbs.end() - 2, std::make_unique<ExportOnnx>(samples()));
    verbs.push_back(std::make_unique<Diff>(samples()));
}

}  // namespace taxon::app
