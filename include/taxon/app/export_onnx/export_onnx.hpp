#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/model/class_names.hpp>
#include <taxon/app/model/identity.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/run/sample_options.hpp>
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
        list.push_back(json_object({{"name", value.name}, {"type", name_of(value.type)}, {"shape", std::move(shape)}}));
    }
    return list;
}

}  // namespace detail

/// Writes a network with its weights as an .onnx file, for other runtimes and vendors' converters: in float32, or of
/// 8-bit integers with the ranges of a calibration.
class ExportOnnx final : public Verb {
  public:
    explicit ExportOnnx(std::unique_ptr<SampleOptions> samples) : samples_(std::move(samples)) {}

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "export-onnx", "Write a network as an .onnx file for other runtimes");
        add_variant_option(*verb, family, model_);
        verb->add_option("--precision", model_.precision,
                         "Number types: force_float32, which converters narrow themselves, or 8-bit integers such as "
                         "qint8_mixed_float32, whose ranges are written as QuantizeLinear and DequantizeLinear")
            ->type_name("NAME")
            ->default_str("force_float32");
        model_.weights = family.weights;
        verb->add_option("--weights", model_.weights,
                         "A .pth, .pt, .bin or .safetensors file, its index or folder, Darknet's .weights, or "
                         "synthetic[:SALT][@GAIN] (generated). Default: " +
                             default_weights_text(family))
            ->type_name("FILE");
        add_weights_key_option(*verb, model_.weights_key);
        verb->add_option("--output", output_, "Output file; an existing one is replaced atomically")
            ->required()
            ->type_name("FILE.onnx");
        verb->add_option("--opset", form_.opset,
                         "17, or 13, which writes out hard swish, hard sigmoid and layer normalisation for older "
                         "converters")
            ->check(CLI::IsMember({13, 17}))
            ->type_name("N")
            ->capture_default_str();
        add_batch_option(*verb, form_.batch, "Samples that the file is for");
        verb->add_flag("--dynamic-batch", form_.open_batch, "Any number of samples: a dimension called batch")
            ->excludes(verb->get_option("--batch"));
        samples_->add_calibration(*verb, family, model_.calibration);
        verb->add_option("--labels", labels_, "Class names to store, one per line")->type_name("FILE");
        add_report_options(*verb, report_);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        require_replaceable("--output", output_);
        require_outputs(
            {{"--output", output_}, report_.file()},
            {{"--weights", model_.weights}, {"--labels", labels_}, {"--calibration-file", model_.calibration.table}});
        refuse_packed();
        const RequestedModel requested(family, model_);
        const ModelEntry& entry = requested.entry();
        refuse(entry);
        const CalibratedWeights weights =
            calibrated_weights(family, entry, model_, samples_->calibration(model_, requested), console, report_.quiet);
        quantize::Rounding rounding;
        const bool is_task = !entry.network.nodes.empty();
        const GraphView graph = is_task ? entry.network : entry.graph;
        if (weights.facts) rounding = quantize::rounding_of(graph, entry.plan, weights.ranges);
        onnx::ExportOptions options = form_;
        options.length = graph.inputs.front().shape.sequence
                             ? samples_->length().value_or(std::min(usual_length, entry.input.width))
                             : none;
        options.input_types = is_task ? entry.network_input_types : entry.input_types;
        options.output_types = is_task ? entry.network_output_types : entry.output_types;
        const std::string name = std::string(family.name) + " " + std::string(entry.variant);
        onnx::ModelProto proto =
            onnx::export_graph(graph, Parameters(graph, weights.source()), options, name, rounding);
        proto.producer_version = std::string(version);
        proto.metadata = metadata(family, entry, weights);
        const std::vector<std::string> findings = onnx::lint(proto);
        const std::uint64_t bytes = onnx::write_model(output_, proto);
        print_result(report_, console, readable(proto, weights, findings, bytes),
                     [&] { return json(family, entry, proto, weights, findings, bytes); });
        return 0;
    }

  private:
    void refuse_packed() const {
        if (!names_synthetic_weights(model_.weights) && OfflineModel::is_meant(model_.weights))
            throw Error(Fault::usage,
                        {.place = "--weights",
                         .found = "'" + model_.weights + "', whose weights are packed for taxon's kernels",
                         .wanted = "the checkpoint that it was made from"});
    }
    static void refuse(const ModelEntry& entry) {
        const bool bytes = entry.data_types.values == Element::uint8 && !entry.by_layer;
        if (entry.data_types != DataTypes{} && !bytes)
            throw Error(Fault::usage,
                        {.place = "--precision",
                         .found = std::string(entry.precision) + ", which export-onnx does not write",
                         .wanted = "force_float32, or 8-bit integers of fused layers",
                         .remedy = "export force_float32; runtimes and converters narrow such a file themselves"});
    }

    std::map<std::string, std::string> metadata(const Family& family, const ModelEntry& entry,
                                                const CalibratedWeights& weights) const {
        const WeightSource& source = *weights.opened.source;
        std::map<std::string, std::string> facts{{"family", std::string(family.name)},
                                                 {"variant", std::string(entry.variant)},
                                                 {"precision", std::string(entry.precision)},
                                                 {"weights", description_of(source, model_)},
                                                 {"preprocess", std::string(entry.preprocess)}};
        if (!entry.size.empty()) facts["size"] = entry.size;
        if (weights.facts) facts["calibration"] = calibration_text(json_of(*weights.facts));
        if (entry.letter_case) facts["letters"] = text::name_of(*entry.letter_case);
        constexpr int of_box = 5;
        const auto classes =
            static_cast<std::size_t>(entry.output.table ? entry.output.channels - of_box : entry.output.size());
        std::vector<std::string> names = class_names(family, entry, labels_, classes).list();
        if (names.empty() && source.facts().labels.size() == classes) names = source.facts().labels;
        if (!names.empty()) facts["labels"] = Json(names).dump(-1, ' ', false, Json::error_handler_t::replace);
        return facts;
    }

    std::string readable(const onnx::ModelProto& proto, const CalibratedWeights& weights,
                         const std::vector<std::string>& findings, std::uint64_t bytes) const {
        std::string text =
            fmt::format("{}: opset {}, {}, {}, {}\n", printable(output_), form_.opset,
                        plural(static_cast<std::int64_t>(proto.graph.nodes.size()), "node"),
                        plural(static_cast<std::int64_t>(proto.graph.initializers.size()), "initializer"),
                        readable_bytes(static_cast<std::int64_t>(bytes)));
        for (const auto& [kind, values] : {std::pair{"input", &proto.graph.inputs}, {"output", &proto.graph.outputs}})
            for (const onnx::ValueInfoProto& value : *values)
                text += fmt::format("  {:<6} {}: {}\n", kind, value.name, detail::readable(value));
        if (weights.facts) text += "  " + calibration_text(json_of(*weights.facts)) + "\n";
        for (const std::string& finding : findings) text += "  lint   " + printable(finding) + "\n";
        return text;
    }

    Json json(const Family& family, const ModelEntry& entry, const onnx::ModelProto& proto,
              const CalibratedWeights& weights, const std::vector<std::string>& findings, std::uint64_t bytes) const {
        Json json = json_object({{"file", output_}, {"bytes", bytes}});
        json.update(identity_json(family, entry));
        json.update(json_object({{"opset", form_.opset},
                                 {"ir_version", proto.ir_version},
                                 {"nodes", proto.graph.nodes.size()},
                                 {"initializers", proto.graph.initializers.size()},
                                 {"inputs", detail::json_of(proto.graph.inputs)},
                                 {"outputs", detail::json_of(proto.graph.outputs)},
                                 {"metadata", proto.metadata},
                                 {"lint", findings}}));
        if (weights.facts) json["calibration"] = json_of(*weights.facts);
        return json;
    }

    std::unique_ptr<SampleOptions> samples_;
    ModelOptions model_;
    ReportOptions report_;
    std::string output_, labels_;
    onnx::ExportOptions form_;
};

}  // namespace taxon::app
