#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/onnx/check.hpp>
#include <taxon/app/onnx/model_file.hpp>
#include <taxon/onnx/lower.hpp>
#include <taxon/onnx/writer/header.hpp>
#include <taxon/onnx/writer/identifier.hpp>

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
        file.add_options(*verb);
        verb->add_option("--name", name, "The name of the type")->required()->type_name("TypeName");
        verb->add_option("--output-dir", folder, "The folder to write to; it is made")->required()->type_name("DIR");
        verb->add_option("--json", json,
                         "Write what was written as JSON ('-': to standard output, instead of the text)")
            ->type_name("FILE");
        return verb;
    }

    int run(Console& console) const {
        if (!onnx::writer::is_identifier(name))
            throw WrongUse("--name: found '" + name + "', wanted the name of a C++ type, such as MobileNetV2");
        require_folder("--output-dir", folder);
        if (json != "-") require_outputs({{"--json", json}}, {{"the model", file.path}});
        const std::filesystem::path stem = std::filesystem::path(folder) / onnx::writer::snake_case(name),
                                    header = stem.string() + ".hpp", weights = stem.string() + ".safetensors";
        std::string text;
        const onnx::Network network = lowered(file.fold(file.read()));
        try {
            text = onnx::written_header(network, name);
        } catch (const Error& error) { throw error.fault() == Fault::usage ? error : error.in_file(file.path); }
        std::filesystem::create_directories(folder);
        for (const auto& path : {header, weights}) require_replaceable("--output-dir", path);
        // the weights first: a header is there only with them
        onnx::write_weights(network, weights);
        write_file(header, text);
        Json report = report_of(network, text);
        report["header"] = header.string(), report["weights"] = weights.string();
        if (json == "-") console.out << json_text(report);
        else
            console.out << fmt::format("{} and {}: {} layers in {} lines, {} parameters in {} tensors\n",
                                       printable(header.string()), printable(weights.string()),
                                       report.at("layers").get<std::uint64_t>(),
                                       report.at("lines").get<std::uint64_t>(),
                                       report.at("parameters").get<std::uint64_t>(), report.at("names").size());
        if (!json.empty() && json != "-") write_json(json, report);
        return 0;
    }

  private:
    onnx::Network lowered(onnx::Folded folded) const {
        std::optional<onnx::Network> network;
        if (folded.coverage.reason.empty()) network = onnx::lower(folded);
        if (!network) throw OnnxCheck::CheckedFile{file.path + ": " + folded.coverage.reason};
        network->comment = std::filesystem::path(file.path).filename().string();
        return std::move(*network);
    }

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
