#pragma once
#include <optional>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/app/console/groups.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/app/infer/layers.hpp>
#include <taxon/app/model/identity.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/run/spread.hpp>
#include <taxon/app/tensor/calibration.hpp>
#include <taxon/app/tensor/output_names.hpp>
#include <taxon/backend/cpu/processors.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// Runs a network on tensors, one for each input, and writes its outputs. Nothing is written unless all succeed.
struct TensorInfer final : Verb {
    ModelOptions model_options;
    ReportOptions report;
    std::vector<std::string> tensors;
    std::string generated, output_folder;
    bool allow_nonfinite = false;
    int batch = 1;
    std::optional<int> threads;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "infer", "Run the network on tensors");
        add_model_options(*verb, family, model_options);
        add_tensor_calibration_options(*verb, model_options.calibration);
        verb->add_option("--tensor", tensors, tensor_help(family))->type_name("NAME=FILE.npy");
        verb->add_option("--input", generated, "Instead: synthetic[:SALT], --batch N generated samples")
            ->type_name("SOURCE");
        verb->add_option("--output-dir", output_folder, "Write each output into this folder, NAME.npy")
            ->type_name("DIR");
        add_nonfinite_option(*verb, allow_nonfinite, "Accept NaN and infinity, and write such results as they are");
        add_batch_option(*verb, batch, "Samples per batch");
        add_threads_option(*verb, threads, "Threads that share a batch. Default: what affinity and cgroup quota allow");
        add_report_options(*verb, report);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        const RequestedModel model(family, model_options);
        const ModelEntry& entry = model.entry();
        if (tensors.empty() ? generated.empty() && reads_inputs(entry) : !generated.empty())
            throw Error(Fault::usage, {.place = "infer",
                                       .found = tensors.empty() ? "no input" : "inputs of both kinds",
                                       .wanted = "--tensor NAME=FILE.npy for each input, or --input synthetic[:SALT]"});
        if (was_onnx(entry) && batch != 1)
            throw Error(Fault::usage, {.place = "--batch",
                                       .found = std::to_string(batch),
                                       .wanted = "1: the tensors of an .onnx file have its own batch"});
        const std::span<const Port> ports = entry.graph.outputs;
        const auto files = output_files(output_folder, ports);
        check_files(entry, files);
        const Tensors inputs = generated.empty() ? tensors_of_files(tensors, entry, "--tensor", allow_nonfinite)
                                                 : generated_tensors(generated, entry, static_cast<std::size_t>(batch));
        model.require_batch(batch, inputs.count);
        model.check();
        const auto bound =
            model.bind(threads.value_or(cpu::usable_processors()),
                       tensor_calibration(model_options, generated.empty() ? "synthetic" : generated, inputs.count),
                       console, report.quiet);
        const auto outputs = answers(*bound.network, entry, inputs, console);
        std::vector<LayerOutput> rows;
        std::vector<std::string> contents;
        for (std::size_t i = 0; i < ports.size(); ++i) {
            const std::string name = name_of(ports[i], "output");
            if (!allow_nonfinite) require_finite_output(outputs[i], name);
            rows.push_back({name, ports[i].shape, Spread::of(outputs[i])});
            Shape shape = ports[i].shape;
            if (shape.sequence) shape.width = inputs.length;
            if (!files.empty())
                contents.push_back(was_onnx(entry) ? typed_npy(outputs[i], entry.output_types[i], name)
                                                   : samples_npy(outputs[i], inputs.count, shape));
        }
        if (!output_folder.empty()) std::filesystem::create_directories(output_folder);
        for (std::size_t i = 0; i < files.size(); ++i) write_file(files[i].path, contents[i]);
        print_result(report, console, readable(rows, "output"), [&] {
            Json json = identity_json(family, entry);
            json["isa"] = bound.network->isa();
            json["samples"] = inputs.count;
            json["outputs"] = json_of(rows);
            for (std::size_t i = 0; i < files.size(); ++i) json["outputs"][i]["file"] = files[i].path.string();
            bound.describe(json);
            return json;
        });
        return 0;
    }

  private:
    void check_files(const ModelEntry& entry, const std::vector<NamedFile>& files) const {
        std::vector<NamedFile> inputs{{"--weights", model_options.weights}};
        for (const std::string& text : tensors)
            inputs.push_back({"--tensor", detail::named_input(text, entry, "--tensor").second});
        require_folder("--output-dir", output_folder);
        std::vector<NamedFile> outputs{report.file()};
        if (std::filesystem::is_directory(output_folder)) outputs.insert(outputs.end(), files.begin(), files.end());
        require_outputs(outputs, inputs);
    }

    /// Each output of all samples. With integers, a sample that is not finite has outputs of NaN.
    std::vector<std::vector<float>> answers(const AnyModel& network, const ModelEntry& entry, const Tensors& inputs,
                                            Console& console) const {
        auto outputs = outputs_for(entry.graph.outputs, inputs.count, inputs.length);
        const auto workspace = network.make_workspace();
        const auto part = [&](auto& numbers, std::size_t first, std::size_t count) {
            const std::size_t size = numbers.size() / inputs.count;
            return std::span(numbers).subspan(first * size, count * size);
        };
        const auto most = static_cast<std::size_t>(batch);
        Progress progress(console, report.quiet || inputs.count <= most, "samples", inputs.count);
        for (std::size_t first = 0; first < inputs.count; first += most) {
            const std::size_t count = std::min(most, inputs.count - first);
            std::vector<InputSpan> from;
            std::vector<OutputSpan> to;
            for (const auto& numbers : inputs.inputs) from.emplace_back(part(numbers, first, count));
            for (auto& numbers : outputs) to.emplace_back(part(numbers, first, count));
            network.run_ports(from, to, *workspace, inputs.length);
            progress.advance(count);
            if (progress.stop().stop_requested()) require_all(first + count, inputs.count, "infer");
        }
        for (std::size_t i = 0; i < inputs.count && entry.data_types.quantized(); ++i)
            if (!all_finite(inputs.sample(i)))
                for (auto& numbers : outputs)
                    for (float& number : part(numbers, i, 1)) number = std::numeric_limits<float>::quiet_NaN();
        return outputs;
    }

    static void require_finite_output(std::span<const float> numbers, const std::string& name) {
        if (!all_finite(numbers))
            throw CheckFailed("output " + name + ": [value] found NaN or infinity at number " +
                              std::to_string(first_nonfinite(numbers)) +
                              ", wanted finite numbers; --allow-nonfinite writes it as it is");
    }
};

}  // namespace taxon::app
