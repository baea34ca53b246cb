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
    const std::string weights = weights_argument(family, "model.safetensors");
    std::string tensors;
    if (!family.entries.empty())
        for (const Port& port : family.entries.front().graph.inputs)
            tensors +=
                "--tensor " + printable(name_of(port, "input")) + "=" + file_name_of(name_of(port, "input")) + ".npy ";
    const ProgramKind kind{"Networks over tensors",
                           {"infer " + weights + tensors + "--output-dir out", "perf --weights synthetic --threads 1",
                            "describe", "gen " + weights + "--output model.taxon"}};
    Verbs verbs = make_verbs(boost::hana::tuple_t<TensorInfer, TensorPerf, TensorProfiling, TensorGen>);
    add_verbs_of_every_kind(verbs, [] { return std::make_unique<TensorSampleOptions>(); });
    return run_program(argc, argv, family, kind, verbs, console);
}

int tensor_main(int argc, char** argv, const Family& family) {
    const Arguments arguments(argc, argv);
    return tensor_main(arguments.count(), arguments.values(), family, standard_console());
}

}  // namespace taxon::app
