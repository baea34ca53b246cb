#pragma once
#include <taxon/app/model/calibration_options.hpp>
#include <taxon/app/model/model_entry.hpp>

/// Definitions for calibration_options.hpp, compiled once for all kinds of programs.
namespace taxon::app {

void add_calibration_method_options(CLI::App& verb, CalibrationOptions& options) {
    const std::vector<std::string> names(std::begin(quantize::method_names), std::end(quantize::method_names));
    verb.add_option(
            "--calibration-method", options.method_name,
            "How ranges are chosen: linear (minimum to maximum), percentile (without outliers), mse (least mean "
            "squared error), entropy (least loss of information)")
        ->check(CLI::IsMember(names))
        ->type_name("NAME")
        ->default_str(std::string(name_of(options.usual_method)));
    verb.add_option("--percentile", options.percentile, "Percentage of the values that the method percentile keeps")
        ->check(CLI::Range(50., 100.))
        ->check(finite)
        ->type_name("P")
        ->default_str("99.99");
    verb.add_flag("--equalise", options.equalise,
                  "Equalise channel ranges first, across convolutions with ReLU or nothing between them");
}

void add_calibration_options(CLI::App& verb, const Family& family, CalibrationOptions& options) {
    if (family.entries.front().output.table) options.usual_method = quantize::Method::linear;
    auto* folder = verb.add_option("--calibration-dir", options.folder,
                                   "Folder of pictures (searched recursively) to calibrate a quantized precision with")
                       ->type_name("DIR");
    verb.add_option("--calibration-file", options.table,
                    "The same as a list: a picture file, a tab and a class number per line")
        ->type_name("TSV")
        ->excludes(folder);
    add_calibration_method_options(verb, options);
}

}  // namespace taxon::app
