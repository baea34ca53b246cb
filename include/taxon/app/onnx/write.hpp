#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/onnx/model_options.hpp>
#include <taxon/app/onnx/written_type.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace taxon::app {

/// import_onnx write: a file as a C++ type and its weights.
struct OnnxWrite {
    OnnxFile file;
    std::string name, folder, json;

    CLI::App* add(CLI::App& program) {
        auto* verb = program.add_subcommand(
            "write", "Write a file as a C++ type: DIR/type_name.hpp, and its weights, DIR/type_name.safetensors");
        add_options(*verb, file);
        verb->add_option("--name", name, "The name of the type")->required()->type_name("TypeName");
        verb->add_option("--output-dir", folder, "The folder to write to; it is made")->required()->type_name("DIR");
        verb->add_option("--json", json,
                         "Write what was written as JSON ('-': to standard output, instead of the text)")
            ->type_name("FILE");
        return verb;
    }

    int run(Console& console) const {
        if (json != "-") require_outputs({{"--json", json}}, {{"the model", file.path}});
        const WrittenType type = write_type(file, name, folder);
        const std::string header = type.header.string(), weights = type.weights.string();
        Json report = report_of(type.network, type.text);
        report["header"] = header, report["weights"] = weights;
        if (json == "-") console.out << json_text(report);
        else
            console.out << fmt::format("{} and {}: {} layers in {} lines, {} parameters in {} tensors\n",
                                       printable(header), printable(weights), report.at("layers").get<std::uint64_t>(),
                                       report.at("lines").get<std::uint64_t>(),
                                       report.at("parameters").get<std::uint64_t>(), report.at("names").size());
        if (!json.empty() && json != "-") write_json(json, report);
        return 0;
    }

  private:
    static Json report_of(const onnx::Network& network, const std::string& text) {
        Json names = Json::array();
        std::uint64_t parameters = 0;
        for (const onnx::Network::Layer& layer : network.layers)
            for (const onnx::Network::Weight& weight : layer.weights) {
                if (weight.role == Role::ignored) continue;
                names.push_back(weight.suffix.empty() ? layer.name : layer.name + "." + weight.suffix);
                parameters += weight.numbers.size();
            }
        return {{"layers", network.layers.size()},
                {"lines", std::count(text.begin(), text.end(), '\n')},
                {"parameters", parameters},
                {"names", std::move(names)}};
    }
};

}  // namespace taxon::app
