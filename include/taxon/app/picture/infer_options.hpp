#pragma once
#include <taxon/app/picture/options.hpp>
#include <taxon/app/run/result_files.hpp>

namespace taxon::app {

/// The verb `infer` of classifiers of pictures.
struct InferOptions : PictureInferOptions {
    ResultFiles files;
    int top = 5;
};

inline CLI::App* add_infer(CLI::App& program, const Family& family, InferOptions& options) {
    auto* verb = program.add_subcommand("infer", "Classify pictures");
    add_picture_options(*verb, family, options, "those in this program for its embedded network; else numbers",
                        "logits, float32 of shape (N, classes)");
    verb->add_option("--top", options.top, "How many classes to show")
        ->check(CLI::Range(1, 100000))
        ->type_name("K")
        ->capture_default_str();
    add_result_files(*verb, options.files, "picture", "file");
    return verb;
}

}  // namespace taxon::app
