#pragma once
#include <boost/hana/tuple.hpp>
#include <taxon/app/console/arguments.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/eval/merge.hpp>
#include <taxon/app/infer/merge.hpp>
#include <taxon/app/program/run_program.hpp>
#include <taxon/app/program/verb_list.hpp>
#include <taxon/app/program/with_merge.hpp>
#include <taxon/app/text/embed.hpp>
#include <taxon/app/text/eval.hpp>
#include <taxon/app/text/gen.hpp>
#include <taxon/app/text/infer.hpp>
#include <taxon/app/text/perf.hpp>
#include <taxon/app/text/profile.hpp>
#include <taxon/app/text/program.hpp>
#include <taxon/app/text/sample_options.hpp>
#include <taxon/app/text/tokenize.hpp>
#include <taxon/app/verbs/of_every_kind.hpp>

/// Definitions for program.hpp. Included by exactly one source file of a program: it takes 20 s to compile.
namespace taxon::app {

/// The verbs of text classifiers, or of sentence encoders alone.
Verbs text_verbs(const Family& family) {
    Verbs verbs =
        embeds_only(family)
            ? make_verbs(boost::hana::tuple_t<TextEmbed, TextPerf, TextProfiling, TextGen, Tokenize>)
            : make_verbs(
                  boost::hana::tuple_t<WithMerge<TextInfer, InferMerge>, WithMerge<TextEval, EvalMerge<TextScore>>,
                                       TextPerf, TextProfiling, TextGen, TextEmbed, Tokenize>);
    add_verbs_of_every_kind(verbs, [] { return std::make_unique<TextSampleOptions>(); });
    return verbs;
}

int text_main(int argc, const char* const* argv, const Family& family, Console console) {
    const std::string weights = weights_argument(family, "model/");
    const ProgramKind encoders{
        "Sentence encoders",
        {"embed " + weights + "texts.txt --output vectors.npy",
         "embed " + weights + "--prefix \"query: \" --text \"how much protein\" --text \"protein in food\"",
         "perf --weights synthetic --duration 5 --json speed.json",
         "perf " + weights + "--end-to-end --text \"how much protein\"", "gen " + weights + "--output model.taxon",
         "tokenize --text \"how much protein\""}};
    const ProgramKind classifiers{
        "Text classifiers",
        {"infer --weights model/ --task sst2 --text \"a charming and often affecting journey\"",
         "infer --weights model/ --text \"He left .\" --text-pair \"He is gone .\" --json answer.json",
         "infer --weights model/ --task sst2 dev.tsv --result-file answers.tsv",
         "eval --weights model/ --task mrpc --dataset msr_paraphrase_test.txt",
         "perf --weights synthetic --sequence 128 --duration 5 --json speed.json",
         "perf --weights model/ --end-to-end --task sst2 dev.tsv",
         "gen --weights model/ --sequence 3:128 --output model.taxon", "infer --weights model.taxon --text \"a text\"",
         "embed --weights all-MiniLM-L6-v2/ texts.txt --output vectors.npy",
         "tokenize --vocab model/ dev.tsv --sequence 64 --output-dir tokens/"}};
    return run_program(argc, argv, family, embeds_only(family) ? encoders : classifiers, text_verbs(family), console);
}

int text_main(int argc, char** argv, const Family& family) {
    const Arguments arguments(argc, argv);
    return text_main(arguments.count(), arguments.values(), family, standard_console());
}

}  // namespace taxon::app
