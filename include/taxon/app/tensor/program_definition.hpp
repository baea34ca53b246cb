#pragma once
#include <boost/hana/tuple.hpp>
#include <taxon/app/console/arguments.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/program/run_program.hpp>
#include <taxon/app/program/verb_list.hpp>
#include <taxon/app/tensor/gen.hpp>
#include <taxon/app/tensor/infer.hpp>
#include <taxon/app/tensor/perf.hpp>
#include <taxon/app/tensor/profile.hpp>
#include <taxon/app/tensor/program.hpp>
#include <taxon/app/tensor/sample_options.hpp>
#include <taxon/app/verbs/of_every_kind.hpp>

/// Definitions for program.hpp. Included by exactly one source file of a program.
namespace taxon::app {

int tensor_main(int argc, const char* const* argv, const Family& family, Console console) {
    const ProgramKind kind{
        "Networks over tensors",
        {"infer --weights model.safetensors --tensor picture=x.npy --tensor place=y.npy --output-dir out",
         "perf --weights synthetic --batch 8", "describe", "gen --weights model.safetensors --output model.taxon"}};
    Verbs verbs = make_verbs(boost::hana::tuple_t<TensorInfer, TensorPerf, TensorProfiling, TensorGen>);
    add_verbs_of_every_kind(verbs, [] { return std::make_unique<TensorSampleOptions>(); });
    return run_program(argc, argv, family, kind, verbs, console);
}

int tensor_main(int argc, char** argv, const Family& family) {
    const Arguments arguments(argc, argv);
    return tensor_main(arguments.count(), arguments.values(), family, standard_console());
}

}  // namespace taxon::app
