#pragma once
#include <optional>
#include <string>
#include <taxon/app/model/options.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/picture/calibration.hpp>
#include <taxon/app/shard/share.hpp>
#include <vector>

namespace taxon::app {

/// Options of a verb `infer` over pictures, whatever the results are.
struct PictureInferOptions {
    ModelOptions model;
    ReportOptions report;
    ReadingOptions reading{};
    std::vector<std::string> pictures;
    /// --input synthetic[:SALT] and --tensor FILE.npy, the inputs other than pictures
    std::string generated, tensor;
    std::string labels, output, dump_input, dump_layers, output_folder;
    bool layers = false, allow_nonfinite = false;
    int batch = 1;
    std::optional<int> threads;
    ShareOptions share;
    std::string list;  ///< --inputs

    /// The share that is asked for, whose number the outputs' names have from now on.
    Share take_share(Console& console) {
        const Share taken = share.share(console, report.quiet);
        taken.name("--json", report.json), taken.name("--output", output), taken.name("--dump-input", dump_input);
        return taken;
    }

    /// Calibration inputs without pictures: the inputs themselves, if they are generated.
    GeneratedInputs generated_inputs() const {
        return generated.empty() ? GeneratedInputs{} : GeneratedInputs{generated, batch};
    }

    /// Files that a drawing must not overwrite.
    std::vector<NamedFile> other_files() const {
        return {{"--weights", model.weights},
                {"--labels", labels},
                report.file(),
                {"--output", output},
                {"--dump-input", dump_input}};
    }

    bool wants_layers() const { return layers || !dump_layers.empty(); }

    static constexpr std::string_view sources_wanted = "pictures, or --input synthetic[:SALT], or --tensor FILE.npy";

    /// True if there are inputs. Throws Fault::usage for inputs of several kinds.
    bool has_source(std::string_view verb) const {
        const int sources =
            (pictures.empty() && list.empty() ? 0 : 1) + (generated.empty() ? 0 : 1) + (tensor.empty() ? 0 : 1);
        if (sources > 1)
            throw Error(Fault::usage, {.place = verb, .found = "inputs of several kinds", .wanted = sources_wanted});
        return sources == 1;
    }

    /// Throws Fault::usage for options that contradict each other and for outputs, `more` among them, that cannot be
    /// written.
    void require_sense(std::vector<NamedFile> more) const {
        if (!has_source("infer"))
            throw Error(Fault::usage, {.place = "infer", .found = "no input", .wanted = sources_wanted});
        std::vector<NamedFile> inputs{{"--weights", model.weights},
                                      {"--labels", labels},
                                      {"--tensor", tensor},
                                      {"--inputs", list == "-" ? std::string() : list},
                                      {"--calibration-file", model.calibration.table}};
        more.insert(more.end(), {{"--output", output}, {"--dump-input", dump_input}, report.file()});
        for (const std::string& picture : pictures) inputs.push_back({"an input", picture});
        require_outputs(more, inputs);
    }
};

/// Options that name pictures, or tensors in their place. `turns`: as add_reading_options. `generated`: what --input
/// gives.
inline void add_picture_source(CLI::App& verb, const Family& family, PictureInferOptions& options, bool turns,
                               const std::string& generated) {
    verb.add_option("picture", options.pictures,
                    std::string("Pictures (JPEG, PNG, BMP") + (preprocess::reads_webp ? ", WebP" : "") +
                        ") or folders of them")
        ->type_name("PICTURE");
    verb.add_option("--inputs", options.list,
                    "More of them: a file with a path on each line, relative to its folder; -: standard input")
        ->type_name("FILE");
    add_reading_options(verb, options.reading, turns);
    verb.add_option("--input", options.generated, "Instead of pictures: synthetic[:SALT], " + generated)
        ->type_name("SOURCE");
    verb.add_option(
            "--tensor", options.tensor,
            "Instead of pictures: a prepared tensor, float32 of shape (N, C, H, W) or (C, H, W), as --dump-input "
            "writes it" +
                (family.tensor_note.empty() ? "" : ". " + std::string(family.tensor_note)))
        ->type_name("[input=]FILE.npy");
    add_limit_option(verb, options.share.limit, "inputs");
}

/// `labels`: the source of class names without --labels. `raw`: what --output writes. `turns`: as add_reading_options.
inline void add_picture_options(CLI::App& verb, const Family& family, PictureInferOptions& options,
                                const std::string& labels, const std::string& raw, bool turns) {
    add_picture_source(verb, family, options, turns, "--batch N generated pictures");
    add_skip_option(verb, options.reading);
    add_model_options(verb, family, options.model);
    add_calibration_options(verb, family, options.model.calibration);
    verb.add_option("--labels", options.labels, "Class names, one per line. Default: " + labels)->type_name("FILE");
    add_nonfinite_option(verb, options.allow_nonfinite,
                         "Accept NaN and infinity in --tensor, and write such results as they are");
    add_shard_option(verb, options.share, "input");
    add_batch_option(verb, options.batch, "Pictures per batch");
    add_threads_option(verb, options.threads,
                       "Threads that share the batches. Default: what affinity and cgroup quota allow");
    verb.add_option("--output", options.output, "Write the raw results, " + raw)->type_name("FILE.npy");
    verb.add_option("--dump-input", options.dump_input, "Write the preprocessed input, float32 of shape (N, C, H, W)")
        ->type_name("FILE.npy");
    verb.add_flag("--layers", options.layers,
                  "List every layer's output; needs --execution layer_by_layer or --backend reference, and one input");
    verb.add_option("--dump-layers", options.dump_layers,
                    "Write every layer's output into this folder, one .npy each; needs the same as --layers")
        ->type_name("DIR");
    add_report_options(verb, options.report);
}

}  // namespace taxon::app
