#pragma once
#include <boost/hana/tuple.hpp>
#include <taxon/app/console/arguments.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/detector/eval.hpp>
#include <taxon/app/detector/gen.hpp>
#include <taxon/app/detector/infer.hpp>
#include <taxon/app/detector/perf.hpp>
#include <taxon/app/detector/profile.hpp>
#include <taxon/app/detector/program.hpp>
#include <taxon/app/picture/sample_options.hpp>
#include <taxon/app/eval/merge.hpp>
#include <taxon/app/infer/merge.hpp>
#include <taxon/app/program/run_program.hpp>
#include <taxon/app/program/verb_list.hpp>
#include <taxon/app/program/with_merge.hpp>
#include <taxon/app/verbs/of_every_kind.hpp>

/// Definitions for program.hpp. Included by exactly one source file of a program: it takes 20 s to compile.
namespace taxon::app {

/// The verbs of detectors.
Verbs detector_verbs() {
    Verbs verbs = make_verbs(
        boost::hana::tuple_t<WithMerge<DetectorInfer, InferMerge>, WithMerge<DetectorEval, EvalMerge<CocoScore>>,
                             DetectorPerf, DetectorProfiling, DetectorGen>);
    add_verbs_of_every_kind(verbs, [] { return std::make_unique<PictureSampleOptions>(true); });
    return verbs;
}

int detector_main(int argc, const char* const* argv, const Family& family, Console console) {
    const std::string weights = weights_argument(family, "model.pt");
    const ProgramKind kind{"Detectors",
                           {"infer " + weights + "street.jpg --output-dir drawn/ --json boxes.json",
                            "infer " + weights + "pictures/ --confidence 0.5",
                            "eval " + weights + "--dataset val2017/ --annotations instances_val2017.json --per-class",
                            "eval --annotations instances_val2017.json --detections results.json",
                            "perf --weights synthetic --duration 5 --json speed.json",
                            "perf " + weights + "--end-to-end street.jpg", "gen " + weights + "--output model.taxon"}};
    return run_program(argc, argv, family, kind, detector_verbs(), console);
}

int detector_main(int argc, char** argv, const Family& family) {
    const Arguments arguments(argc, argv);
    return detector_main(arguments.count(), arguments.values(), family, standard_console());
}

}  // namespace taxon::app
