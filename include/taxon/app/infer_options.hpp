#pragma once
#include <optional>
#include <string>
#include <taxon/app/options.hpp>
#include <taxon/app/output_file.hpp>
#include <taxon/app/picture_calibration.hpp>
#include <taxon/app/result_files.hpp>
#include <vector>

namespace taxon::app {

struct InferOptions {
    ModelOptions model;
    ReportOptions report;
    std::vector<std::string> pictures;
    std::string generated, tensor;  ///< --input synthetic[:SALT] and --tensor FILE.npy, the inputs that are no pictures
    std::string labels, output, dump_input, dump_layers;
    ResultFiles files;
    bool layers = false;
    int top = 5, batch = 1;
    std::optional<int> threads;
    std::optional<std::size_t> limit;

    /// What calibration takes if it has no pictures: what is answered, if that is generated.
    GeneratedInputs generated_inputs() const { return generated.empty() ? GeneratedInputs{} : GeneratedInputs{generated, batch}; }

    bool wants_layers() const { return layers || !dump_layers.empty(); }

    /// Throws Fault::usage for options that contradict each other and for outputs that cannot be written.
    void require_sense() const {
        const int sources = (pictures.empty() ? 0 : 1) + (generated.empty() ? 0 : 1) + (tensor.empty() ? 0 : 1);
        if (sources != 1)
            throw Error(Fault::usage, {.place = "infer",
                                       .found = sources == 0 ? "no input" : "inputs of several kinds",
                                       .wanted = "pictures, or --input synthetic[:SALT], or --tensor FILE.npy"});
        std::vector<NamedFile> outputs = files.named(), inputs{{"--weights", model.weights}, {"--labels", labels}, {"--tensor", tensor}, {"--calibration-file", model.calibration.table}};
        outputs.insert(outputs.end(), {{"--output", output}, {"--dump-input", dump_input}, {"--json", report.json}});
        for (const std::string& picture : pictures) inputs.push_back({"an input", picture});
        require_outputs(outputs, inputs);
    }
};

inline CLI::App* add_infer(CLI::App& program, const Family& family, InferOptions& options) {
    auto* verb = program.add_subcommand("infer", "Classify pictures");
    verb->add_option("picture", options.pictures, "Pictures (JPEG, PNG, BMP) or folders of them")->type_name("PICTURE");
    add_model_options(*verb, family, options.model);
    add_calibration_options(*verb, options.model.calibration);
    verb->add_option("--labels", options.labels,
                     "The classes' names, a line each. Default: those in this program for its embedded network; else numbers")
        ->type_name("FILE");
    verb->add_option("--input", options.generated, "Instead of pictures: synthetic[:SALT], --batch N generated pictures")
        ->type_name("SOURCE");
    verb->add_option("--tensor", options.tensor, "Instead of pictures: prepared ones, float32 of shape (N, C, H, W) or (C, H, W)")
        ->type_name("[input=]FILE.npy");
    verb->add_option("--limit", options.limit, "Only the first N inputs")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40))
        ->type_name("N");
    verb->add_option("--top", options.top, "How many classes to show")->check(CLI::Range(1, 100000))->type_name("K")->capture_default_str();
    add_batch_option(*verb, options.batch, "Pictures that are run together, 1 to 256");
    add_threads_option(*verb, options.threads, "Threads that share the batches. Default: what affinity and cgroup quota allow");
    verb->add_option("--output", options.output, "Write the raw results (logits), float32 of shape (N, classes)")->type_name("FILE.npy");
    verb->add_option("--dump-input", options.dump_input, "Write what preprocessing made, float32 of shape (N, C, H, W)")
        ->type_name("FILE.npy");
    verb->add_flag("--layers", options.layers,
                   "List every layer's output; needs --execution layer_by_layer or --backend reference, and one input");
    verb->add_option("--dump-layers", options.dump_layers, "Write every layer's output into this folder, a .npy each; needs the same")
        ->type_name("DIR");
    add_result_files(*verb, options.files, "picture", "file");
    add_report_options(*verb, options.report);
    return verb;
}

}  // namespace taxon::app
