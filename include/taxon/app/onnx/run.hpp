#pragma once
#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/onnx/model_options.hpp>
#include <taxon/onnx/npy.hpp>
#include <taxon/onnx/run.hpp>
#include <taxon/backend/cpu/onnx_model.hpp>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace taxon::app {

/// import_onnx run: computes a file's answers without a compiler, and holds them against expected ones.
struct OnnxRun {
    OnnxFile file;
    std::vector<std::string> tensors, expected;
    std::string output_folder, backend = "auto", isa = "auto";
    int threads = 0;
    double tolerance = 1e-4;

    CLI::App* add(CLI::App& program) {
        auto* verb =
            add_verb(program, "run", "Compute a file's outputs without a compiler; hold them against expected ones");
        add_options(*verb, file);
        const auto many = [&](const char* name, std::vector<std::string>& to, const char* meaning, const char* type) {
            verb->add_option(name, to, meaning)
                ->type_name(type)
                ->expected(1)
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        };
        many("--tensor", tensors, "The tensor of an input, in its type and shape", "INPUT=FILE");
        many("--expect", expected, "What an output should be", "OUTPUT=FILE");
        verb->add_option("--tolerance", tolerance,
                         "The largest difference, as a part of the expected output's standard deviation; whole numbers "
                         "must be equal")
            ->capture_default_str()
            ->check(CLI::NonNegativeNumber)
            ->type_name("NUMBER");
        verb->add_option("--backend", backend,
                         "cpu: the network's layers by kernels of any size; reference: operator by operator, slowly; "
                         "auto: cpu, or reference for a file that has operators that are no layers")
            ->capture_default_str()
            ->check(CLI::IsMember({"auto", "cpu", "reference"}))
            ->type_name("NAME");
        verb->add_option("--isa", isa, "The instruction set of --backend cpu: " + cpu::isa_choices())
            ->capture_default_str()
            ->type_name("NAME");
        verb->add_option("--threads", threads, "The threads of --backend cpu, at most; 0: all")
            ->capture_default_str()
            ->check(CLI::NonNegativeNumber)
            ->type_name("N");
        verb->add_option("--output-dir", output_folder, "Write OUTPUT.npy for each output")->type_name("DIR");
        return verb;
    }

    int run(Console& console) const {
        require_folder("--output-dir", output_folder);
        const onnx::Folded folded = file.fold(file.read());
        if (!folded.coverage.reason.empty()) throw OnnxFile::Refused(file.path + ": " + folded.coverage.reason);
        const onnx::Program& program = folded.program;
        const std::vector<onnx::Tensor> outputs = answers(program, console);
        if (!output_folder.empty()) write(program, outputs);
        std::size_t wrong = 0;
        std::string last;
        for (const auto& [output, path] : named(expected, program.outputs, "--expect", "output")) {
            const std::string difference = difference_of(outputs[output], onnx::read_npy(path), path);
            console.out << printable(program.outputs[output].name) << ": " << difference << "\n";
            if (difference.find("; too far") == difference.npos) continue;
            ++wrong;
            last = printable(program.outputs[output].name) + ": " + difference;
        }
        if (wrong != 0) throw CheckFailed(file.path + ": output " + last);
        if (expected.empty() && output_folder.empty())
            for (std::size_t i = 0; i < outputs.size(); ++i)
                console.out << fmt::format("{}: {} {}\n", printable(program.outputs[i].name),
                                           onnx::name_of(outputs[i].type()), io::to_string(outputs[i].shape()));
        return 0;
    }

  private:
    using Ports = std::vector<onnx::Program::Port>;

    /// NAME=FILE, split at the last '='.
    static std::map<std::size_t, std::string> named(const std::vector<std::string>& texts, const Ports& ports,
                                                    const std::string& option, const std::string& noun) {
        std::map<std::size_t, std::string> all;
        for (const std::string& text : texts) {
            const auto equals = text.rfind('=');
            if (equals == text.npos) throw WrongUse(option + ": found '" + text + "', wanted NAME=FILE.npy");
            const std::string name = text.substr(0, equals), path = text.substr(equals + 1);
            const auto at = std::ranges::find(ports, name, &onnx::Program::Port::name);
            std::string names;
            for (const auto& port : ports) names += (names.empty() ? "" : ", ") + port.name;
            if (at == ports.end())
                throw Error(Fault::missing, {.file = path,
                                             .place = option,
                                             .found = "an " + noun + " '" + name + "'",
                                             .wanted = "one of the model's: " + names});
            if (!all.emplace(static_cast<std::size_t>(at - ports.begin()), path).second)
                throw WrongUse(option + ": " + noun + " '" + name + "' twice");
        }
        return all;
    }

    std::vector<onnx::Tensor> answers(const onnx::Program& program, Console& console) const {
        std::vector<onnx::Tensor> inputs(program.inputs.size());
        std::vector<bool> given(inputs.size());
        for (const auto& [input, path] : named(tensors, program.inputs, "--tensor", "input")) {
            const onnx::Value& wanted = program.value(program.inputs[input]);
            inputs[input] = onnx::read_npy(path);
            given[input] = true;
            const auto text = [](onnx::DataType type, const Dimensions& shape) {
                return std::string(onnx::name_of(type)) + " " + io::to_string(shape);
            };
            if (inputs[input].type() != wanted.type || inputs[input].shape() != wanted.shape)
                throw Error(Fault::shape, {.file = path,
                                           .place = "input '" + program.inputs[input].name + "'",
                                           .found = text(inputs[input].type(), inputs[input].shape()),
                                           .wanted = text(wanted.type, wanted.shape)});
        }
        std::set<std::size_t> read_values;
        for (const auto& step : program.steps) read_values.insert(step.inputs.begin(), step.inputs.end());
        for (const auto& output : program.outputs) read_values.insert(output.value);
        for (std::size_t i = 0; i < inputs.size(); ++i)
            if (!given[i] && read_values.contains(program.inputs[i].value))
                throw WrongUse("--tensor: none for input '" + program.inputs[i].name + "'; give " +
                               program.inputs[i].name + "=FILE.npy");
        try {
            if (backend == "reference") return by_operator(program, inputs, "--backend reference", console);
            try {
                return by_layers(program, inputs, console);
            } catch (const Error& error) {
                if (backend == "cpu" || error.fault() == Fault::usage) throw;
                return by_operator(program, inputs, error.what(), console);
            }
        } catch (const Error& error) {
            if (error.fault() == Fault::usage) throw;
            throw error.in_file(file.path);
        }
    }

    std::vector<onnx::Tensor> by_layers(const onnx::Program& program, const std::vector<onnx::Tensor>& inputs,
                                        Console& console) const {
        cpu::Options options{.isa = {}, .threads = threads};
        if (isa != "auto") options.isa = cpu::parse_isa(isa);
        const OnnxModel model(program, options);
        auto outputs = model.run(inputs);
        console.out << "computed in float32 by " << model.plan().steps.size() << " steps, " << model.executable().isa()
                    << "\n";
        return outputs;
    }

    static std::vector<onnx::Tensor> by_operator(const onnx::Program& program, const std::vector<onnx::Tensor>& inputs,
                                                 const std::string& why, Console& console) {
        console.out << "computed operator by operator, which is slow: " << why << "\n";
        return onnx::run(program, inputs);
    }

    void write(const onnx::Program& program, const std::vector<onnx::Tensor>& outputs) const {
        std::filesystem::create_directories(output_folder);
        std::set<std::string> taken;
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            std::string name = program.outputs[i].name;
            for (char& c : name)
                if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-' && c != '_') c = '_';
            std::string unique = name;
            for (int number = 2; !taken.insert(unique).second; ++number) unique = name + "_" + std::to_string(number);
            try {
                write_file(std::filesystem::path(output_folder) / (unique + ".npy"),
                           onnx::npy_bytes(outputs[i], "output '" + program.outputs[i].name + "'"));
            } catch (const Error& error) { throw error.in_file(file.path); }
        }
    }

    /// What is said of an output: ends with "; too far" if it is not as expected.
    std::string difference_of(const onnx::Tensor& found, const onnx::Tensor& wanted, const std::string& path) const {
        if (found.type() != wanted.type() || found.shape() != wanted.shape())
            throw Error(Fault::shape,
                        {.file = path,
                         .place = "--expect",
                         .found = std::string(onnx::name_of(wanted.type())) + " " + io::to_string(wanted.shape()),
                         .wanted = std::string(onnx::name_of(found.type())) + " " + io::to_string(found.shape())});
        const std::size_t count = wanted.size();
        if (!onnx::is_floating(wanted.type())) {
            std::size_t other = 0;
            for (std::size_t i = 0; i < count; ++i)
                other += found.numbers<std::int64_t>()[i] != wanted.numbers<std::int64_t>()[i];
            return other == 0 ? "equal" : fmt::format("{} of {} whole numbers differ; too far", other, count);
        }
        double mean = 0, variance = 0, most = 0, largest = 0;
        std::size_t strange = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const double a = found.real(i), b = wanted.real(i);
            if (!std::isfinite(a) || !std::isfinite(b)) {
                strange += !(a == b || (std::isnan(a) && std::isnan(b)));
                continue;
            }
            mean += b / static_cast<double>(count);
            most = std::max(most, std::fabs(b)), largest = std::max(largest, std::fabs(a - b));
        }
        for (std::size_t i = 0; i < count; ++i)
            if (std::isfinite(wanted.real(i)))
                variance += std::pow(wanted.real(i) - mean, 2) / static_cast<double>(count);
        // one number, or a constant, has no deviation: its magnitude then
        const double deviation = std::sqrt(variance),
                     scale = count > 1 && deviation > 1e-6 * most ? deviation : std::max(most, 1e-6),
                     part = largest / scale;
        if (strange != 0) return fmt::format("{} of {} numbers are infinite or no numbers; too far", strange, count);
        return fmt::format("largest difference {:.1e} of the standard deviation, allowed {:.0e}{}", part, tolerance,
                           part > tolerance ? "; too far" : "");
    }
};

}  // namespace taxon::app
