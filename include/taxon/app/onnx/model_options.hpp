#pragma once
#include <taxon/app/onnx/model_file.hpp>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// The options of every verb: a file and the shapes of its inputs.
inline void add_options(CLI::App& verb, OnnxFile& file) {
    verb.add_option("model", file.path, "An .onnx file")->required()->type_name("FILE");
    verb.add_option("--shape", file.shapes, "The shape of an input that the file leaves open: INPUT=1,3,224,224")
        ->type_name("INPUT=SIZES")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

}  // namespace taxon::app
