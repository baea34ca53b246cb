#pragma once
#include <boost/hana/tuple.hpp>
#include <string>
#include <taxon/app/console/arguments.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/eval/merge.hpp>
#include <taxon/app/infer/merge.hpp>
#include <taxon/app/picture/eval.hpp>
#include <taxon/app/picture/gen.hpp>
#include <taxon/app/picture/infer.hpp>
#include <taxon/app/picture/perf.hpp>
#include <taxon/app/picture/profile.hpp>
#include <taxon/app/picture/program.hpp>
#include <taxon/app/picture/sample_options.hpp>
#include <taxon/app/program/run_program.hpp>
#include <taxon/app/program/verb_list.hpp>
#include <taxon/app/program/with_merge.hpp>
#include <taxon/app/verbs/of_every_kind.hpp>

/// Definitions for program.hpp. Included by exactly one source file of a program: it takes 20 s to compile.
namespace taxon::app {

/// The verbs of picture classifiers.
Verbs classifier_verbs() {
    Verbs verbs = make_verbs(boost::hana::tuple_t<WithMerge<ClassifierInfer, InferMerge>,
                                                  WithMerge<ClassifierEval, EvalMerge<eval::ClassificationScore>>,
                                                  ClassifierPerf, ClassifierProfiling, ClassifierGen>);
    add_verbs_of_every_kind(verbs, [] { return std::make_unique<PictureSampleOptions>(false); });
    return verbs;
}

int classifier_main(int argc, const char* const* argv, const Family& family, Console console) {
    const std::string given = weights_argument(family, "model.pth"),
                      own = given.empty() || family.embedded.empty()
                                ? given
                                : "--variant " + std::string(family.embedded_variant) + " ";
    ProgramKind kind{"Picture classifiers",
                     {"infer " + own + "dog.jpg cat.jpg",
                      "infer " + given + "--labels classes.txt pictures/ --json answers.json",
                      "eval " + own + "--dataset test/", "perf --weights synthetic --duration 5 --json speed.json",
                      "perf --weights synthetic --batch 8 --threads 2 --compare speed.json",
                      "gen " + given + "--output model.taxon", "infer --weights model.taxon dog.jpg"}};
    if (family.entries.size() > 1)
        kind.examples.insert(
            kind.examples.end(),
            {"gen --weights model.pth --precision qint8_mixed_float32 --calibration-dir pictures/ --output model.taxon",
             "gen --weights model.pth --level O2 --max-drop 0.5 --calibration-dir pictures/ --output model.taxon",
             "convert --weights model.pth --half --output model.safetensors"});
    return run_program(argc, argv, family, kind, classifier_verbs(), console);
}

int classifier_main(int argc, char** argv, const Family& family) {
    const Arguments arguments(argc, argv);
    return classifier_main(arguments.count(), arguments.values(), family, standard_console());
}

}  // namespace taxon::app
