#pragma once
#include <filesystem>
#include <string>
#include <taxon/app/console/bus_error.hpp>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/failure.hpp>
#include <taxon/app/onnx/check.hpp>
#include <taxon/app/onnx/run.hpp>
#include <taxon/app/onnx/write.hpp>

namespace taxon::app {

/// The program import_onnx. Returns the exit code; every exception becomes a line on standard error.
inline int import_onnx_main(int argc, const char* const* argv, Console& console) {
    tell_bus_errors();
    const std::string executable = argc > 0 ? argv[0] : "import_onnx";
    return with_failures_told(executable, console, "try a smaller --shape", [&] {
        CLI::App line("Makes C++ types of .onnx files: networks of other frameworks. Checks and runs them, too.",
                      std::filesystem::path(executable).filename().string());
        add_usual_flags(line);
        OnnxCheck check;
        OnnxWrite write;
        OnnxRun run;
        const CLI::App* const checks = check.add(line);
        const CLI::App* const writes = write.add(line);
        const CLI::App* const runs = run.add(line);
        line.footer(
            "Examples:\n  import_onnx check model.onnx --shape input=1,3,224,224\n"
            "  import_onnx write model.onnx --name MobileNetV2 --output-dir generated\n"
            "  import_onnx run model.onnx --tensor input=x.npy --expect output=y.npy\n\n"
            "Exit codes: 0 success; 2 usage error; 3 a file that cannot be read or imported; 4 a failed check.\n");
        if (const auto code = parse(line, argc, argv, console)) return *code;
        return *checks ? check.run(console) : *writes ? write.run(console) : *runs ? run.run(console) : 0;
    });
}

}  // namespace taxon::app
