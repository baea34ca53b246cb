#pragma once
#include <optional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/model/class_names.hpp>
#include <taxon/app/model/identity.hpp>
#include <taxon/app/model/offline_model.hpp>
#include <taxon/app/model/open_weights.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/onnx/exporter/export_graph.hpp>
#include <taxon/onnx/lint.hpp>
#include <taxon/onnx/write_model.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

/// "float32 (batch, 3, 224, 224)"
inline std::string readable(const onnx::ValueInfoProto& value) {
    std::string text = std::string(name_of(value.type)) + " (";
    for (const auto& dimension : *value.shape)
        text.append(text.back() == '(' ? "" : ", ")
            .append(std::holds_alternative<std::string>(dimension) ? std::get<std::string>(dimension)
                                                                   : std::to_string(std::get<std::int64_t>(dimension)));
    return text + ")";
}

inline Json json_of(const std::vector<onnx::ValueInfoProto>& values) {
    Json list = Json::array();
    for (const onnx::ValueInfoProto& value : values) {
        Json shape = Json::array();
        for (const auto& dimension : *value.shape)
            std::visit([&](const auto& size) { shape.push_back(size); }, dimension);
        list.push_back({{"name", value.name}, {"type", name_of(value.type)}, {"shape", std::move(shape)}});
    }
    return list;
}

}  // namespace detail

/// Writes a network with its weights as an .onnx file, for other runtimes and vendors' converters.
struct ExportOnnx final : Verb {
    ModelOptions model;
    ReportOptions report;
    std::string output, labels;
    onnx::ExportOptions form;
    std::optional<int> length;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = program.add_subcommand("export-onnx", "Write a network as an .onnx file for other runtimes");
        add_variant_option(*verb, family, model);
        verb->add_option("--precision", model.precision, "Number types: force_float32; converters narrow it themselves")
            ->type_name("NAME")
            ->default_str("force_float32");
        verb->add_option("--weights", model.weights,
                         "A .pth, .pt, .bin or .safetensors file, its index or folder, Darknet's .weights, or "
                         "synthetic[:SALT][@GAIN] (generated). Default: " +
                             default_weights_text(family))
            ->type_name("FILE");
        add_weights_key_option(*verb, model.weights_key);
        verb->add_option("--output", output, "Output file; an existing one is replaced atomically")
            ->required()
            ->type_name("FILE.onnx");
        verb->add_option("--opset", form.opset,
                         "17, or 13, which writes out hard swish, hard sigmoid and layer normalisation for older "
                         "converters")
            ->check(CLI::IsMember({13, 17}))
            ->type_name("N")
            ->capture_default_str();
        add_batch_option(*verb, form.batch, "Samples that the file is for");
        verb->add_flag("--dynamic-batch", form.open_batch, "Any number of samples: a dimension called batch")
            ->excludes(verb->get_option("--batch"));
        if (family.entries.empty() || family.entries.front().input.sequence)
            verb->add_option("--sequence", length, "Tokens of every text, padded; attention_mask is 0 for padding")
                ->check(CLI::Range(built_lengths.least, built_lengths.most))
                ->type_name("N")
                ->default_str("128");
        verb->add_option("--labels", labels, "Class names to store, one per line")->type_name("FILE");
        add_report_options(*verb, report);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        require_replaceable("--output", output);
        require_outputs({{"--output", output}, report.file()}, {{"--weights", model.weights}, {"--labels", labels}});
        const ModelEntry& entry = choose(family, model.choice(family));
        refuse(entry);
        const OpenedWeights opened = open_weights(family, entry, model);
        tell(opened.remarks, console, report.quiet);
        onnx::ExportOptions options = form;
        options.length = entry.input.sequence ? length.value_or(entry.input.width) : none;
        const std::string name = std::string(family.name) + " " + std::string(entry.variant);
        onnx::ModelProto proto =
            onnx::export_graph(entry.graph, Parameters(entry.graph, *opened.source), options, name);
        proto.producer_version = std::string(version);
        proto.metadata = metadata(family, entry, *opened.source);
        const std::vector<std::string> findings = onnx::lint(proto);
        const std::uint64_t bytes = onnx::write_model(output, proto);
        print_result(report, console, readable(proto, findings, bytes),
                     [&] { return json(family, entry, proto, findings, bytes); });
        return 0;
    }

  private:
    void refuse(const ModelEntry& entry) const {
        if (!names_synthetic_weights(model.weights) && OfflineModel::is_meant(model.weights))
            throw Error(Fault::usage, {.place = "--weights",
                                       .found = "'" + model.weights + "', whose weights are packed for taxon's kernels",
                                       .wanted = "the checkpoint that it was made from"});
        if (entry.data_types != DataTypes{})
            throw Error(Fault::usage,
                        {.place = "--precision",
                         .found = std::string(entry.precision) + ", which export-onnx does not write",
                         .wanted = "force_float32",
                         .remedy = "export that; runtimes and converters narrow a file of float32 themselves"});
    }

    std::map<std::string, std::string> metadata(const Family& family, const ModelEntry& entry,
                                                const WeightSource& source) const {
        std::map<std::string, std::string> facts{{"family", std::string(family.name)},
                                                 {"variant", std::string(entry.variant)},
                                                 {"precision", std::string(entry.precision)},
                                                 {"weights", description_of(source, model)},
                                                 {"preprocess", std::string(entry.preprocess)}};
        if (!entry.size.empty()) facts["size"] = entry.size;
        if (entry.letter_case) facts["letters"] = text::name_of(*entry.letter_case);
        constexpr int of_box = 5;
        const auto classes =
            static_cast<std::size_t>(entry.output.table ? entry.output.channels - of_box : entry.output.size());
        std::vector<std::string> names = class_names(family, entry, labels, classes).list();
        if (names.empty() && source.facts().labels.size() == classes) names = source.facts().labels;
        if (!names.empty()) facts["labels"] = Json(names).dump(-1, ' ', false, Json::error_handler_t::replace);
        return facts;
    }

    std::string readable(const onnx::ModelProto& proto, const std::vector<std::string>& findings,
                         std::uint64_t bytes) const {
        std::string text =
            fmt::format("{}: opset {}, {}, {}, {}\n", printable(output), form.opset,
                        plural(static_cast<std::int64_t>(proto.graph.nodes.size()), "node"),
                        plural(static_cast<std::int64_t>(proto.graph.initializers.size()), "initializer"),
                        readable_bytes(static_cast<std::int64_t>(bytes)));
        for (const auto& [kind, values] : {std::pair{"input", &proto.graph.inputs}, {"output", &proto.graph.outputs}})
            for (const onnx::ValueInfoProto& value : *values)
                text += fmt::format("  {:<6} {}: {}\n", kind, value.name, detail::readable(value));
        for (const std::string& finding : findings) text += "  lint   " + printable(finding) + "\n";
        return text;
    }

    Json json(const Family& family, const ModelEntry& entry, const onnx::ModelProto& proto,
              const std::vector<std::string>& findings, std::uint64_t bytes) const {
        Json json{{"file", output}, {"bytes", bytes}};
        json.update(identity_json(family, entry));
        json.update({{"opset", form.opset},
                     {"ir_version", proto.ir_version},
                     {"nodes", proto.graph.nodes.size()},
                     {"initializers", proto.graph.initializers.size()},
                     {"inputs", detail::json_of(proto.graph.inputs)},
                     {"outputs", detail::json_of(proto.graph.outputs)},
                     {"metadata", proto.metadata},
                     {"lint", findings}});
        return json;
    }
};

}  // namespace taxon::app
