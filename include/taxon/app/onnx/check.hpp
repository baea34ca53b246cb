#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/onnx/model_options.hpp>
#include <taxon/onnx/lower.hpp>
#include <taxon/onnx/stored_numbers.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace taxon::app {

/// import_onnx check: says whether a file can be imported, before any other work.
struct OnnxCheck {
    OnnxFile file;
    std::string json;

    CLI::App* add(CLI::App& program) {
        auto* verb = add_verb(program, "check",
                              "Say whether a file can be imported: its operators, shapes, parameters and operations");
        add_options(*verb, file);
        verb->add_option("--json", json, "Write the report as JSON ('-': to standard output, instead of the text)")
            ->type_name("FILE");
        return verb;
    }

    int run(Console& console) const {
        if (json != "-") require_outputs({{"--json", json}}, {{"the model", file.path}});
        const auto model = file.read();
        onnx::Folded folded = file.fold(model);
        file.lower(folded);
        const Json report = report_of(*model, folded);
        if (json == "-") console.out << json_text(report);
        else console.out << text_of(report, folded);
        if (!json.empty() && json != "-") write_json(json, report);
        if (folded.coverage.reason.empty()) return 0;
        console.out.flush();
        throw OnnxFile::Refused(file.path + ": " + folded.coverage.reason);
    }

  private:
    static std::string shape_text(const Json& shape) {
        if (shape.is_null()) return "of any rank";
        std::string text;
        for (const Json& size : shape)
            text += (text.empty() ? "" : " x ") + (size.is_number() ? size.dump() : printable(size.get<std::string>()));
        return text.empty() ? "one number" : text;
    }

    static Json port(onnx::DataType type, const onnx::ValueInfoProto& declared, const onnx::Value* known) {
        Json shape = Json::array();
        if (known != nullptr)
            for (const std::int64_t size : known->shape) shape.push_back(size);
        else if (!declared.shape) shape = nullptr;
        else
            for (const auto& size : *declared.shape) std::visit([&](const auto& one) { shape.push_back(one); }, size);
        return json_object({{"type", std::string(onnx::name_of(type))}, {"shape", shape}});
    }

    static Json report_of(const onnx::ModelProto& model, const onnx::Folded& folded) {
        const onnx::Program& program = folded.program;
        const onnx::Coverage& coverage = folded.coverage;
        Json report = json_object({{"importable", coverage.reason.empty()},
                                   {"reason", coverage.reason.empty() ? Json() : Json(coverage.reason)}});
        for (const auto& [domain, version] : model.opset)
            report["opset"][domain.empty() ? "ai.onnx" : domain] = version;
        const auto ports = [&](const auto& list, const std::vector<onnx::Program::Port>& known) {
            Json all = Json::object();
            std::map<std::string_view, const onnx::Program::Port*> by_name;
            for (const onnx::Program::Port& one : known) by_name.emplace(one.name, &one);
            for (const onnx::ValueInfoProto& one : list) {
                const auto found = by_name.find(one.name);
                const onnx::Program::Port* const at = found == by_name.end() ? nullptr : found->second;
                // an initializer that is listed as an input is none
                if (&list == &model.graph.inputs && at == nullptr) continue;
                const onnx::Value* value = at == nullptr ? nullptr : &program.value(*at);
                const bool has_shape = value != nullptr && folded.has_shape(at->value);
                all[one.name] =
                    port(value != nullptr && value->type != onnx::DataType::undefined ? value->type : one.type, one,
                         has_shape ? value : nullptr);
            }
            return all;
        };
        report["inputs"] = ports(model.graph.inputs, program.inputs);
        report["outputs"] = ports(model.graph.outputs, program.outputs);
        report["nodes"] = coverage.nodes.size();
        report["parameters"] = parameters(model);
        report["flops"] = static_cast<std::uint64_t>(program.flops());
        report["steps"] = program.steps.size();
        report["operators"] = Json::array();
        for (const auto& [name, row] : coverage.by_operator())
            report["operators"].push_back(json_object(
                {{"operator", name}, {"count", row.count}, {"status", name_of(row.status)}, {"nodes", row.nodes}}));
        return report;
    }

    /// Numbers of all tensors of the file that hold weights: floats and 8-bit numbers with a dimension.
    static std::uint64_t parameters(const onnx::ModelProto& model) {
        std::uint64_t sum = 0;
        const auto count = [&](const onnx::TensorProto& one) {
            if (!one.shape.empty() && (onnx::is_floating(one.type) || onnx::size_of(one.type) == 1))
                sum += io::element_count(one.shape);
        };
        for (const onnx::TensorProto& one : model.graph.initializers) count(one);
        for (const onnx::NodeProto& node : model.graph.nodes)
            if (const auto* value = node.operation == "Constant" ? node.attribute("value") : nullptr)
                if (const auto* one = std::get_if<onnx::TensorProto>(&value->value)) count(*one);
        return sum;
    }

    static std::string text_of(const Json& report, const onnx::Folded& folded) {
        std::string text = fmt::format("{:<24} {:>6}  {}\n", "operator", "count", "status");
        for (const Json& row : report.at("operators")) {
            std::vector<std::string> nodes;
            for (const Json& node : row.at("nodes")) nodes.push_back(node.get<std::string>());
            text += fmt::format("{:<24} {:>6}  {}{}\n", printable(row.at("operator").get<std::string>()),
                                row.at("count").get<std::size_t>(),
                                row.at("status").get<std::string>() == "folded" ? "folded away"
                                                                                : row.at("status").get<std::string>(),
                                nodes.empty() ? "" : ": " + listed(nodes));
        }
        for (const char* list : {"inputs", "outputs"})
            for (const auto& [name, one] : report.at(list).items())
                text += fmt::format("{:<8} {}: {} {}\n", std::string(list).substr(0, std::string_view(list).size() - 1),
                                    printable(name), one.at("type").get<std::string>(), shape_text(one.at("shape")));
        text += fmt::format("{}, of which {} left after folding; {} parameters",
                            plural(report.at("nodes").get<std::int64_t>(), "node"), folded.program.steps.size(),
                            report.at("parameters").get<std::uint64_t>());
        if (folded.coverage.reason.empty()) text += fmt::format("; {:.1f} MFLOP", folded.program.flops() / 1e6);
        return text + (folded.coverage.reason.empty() ? "\nimportable\n" : "\nnot importable\n");
    }
};

}  // namespace taxon::app
