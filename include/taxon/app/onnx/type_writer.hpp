#pragma once
#include <string>
#include <taxon/app/console/bus_error.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/failure.hpp>
#include <taxon/app/onnx/written_type.hpp>

namespace taxon::app {

/// The program that taxon_add_onnx builds and calls, `MODEL TypeName DIR [INPUT=SIZES]…`: import_onnx write without the
/// rest of import_onnx, whose kernels and options take most of the time to compile. Says nothing if all is well.
inline int write_type_main(int argc, const char* const* argv, Console& console) {
    tell_bus_errors();
    return with_failures_told(argc > 0 ? argv[0] : "taxon_onnx_type_writer", console, "try smaller SHAPES", [&] {
        if (argc < 4) throw WrongUse("wanted MODEL TypeName DIR [INPUT=SIZES]…");
        write_type({argv[1], {argv + 4, argv + argc}}, argv[2], argv[3]);
        return 0;
    });
}

}  // namespace taxon::app
