#pragma once
#include <optional>
#include <string>
#include <taxon/app/console/finite.hpp>
#include <taxon/core/error.hpp>
#include <taxon/quantize/method.hpp>
#include <vector>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Options for calibrating a quantized precision.
struct CalibrationOptions {
    /// Of the four, the method with which MobileNetV3-Small on CIFAR-10 loses nothing in any quantized precision, on
    /// any instruction set.
    static constexpr quantize::Method usual_method = quantize::Method::percentile;

    std::string folder, table;           ///< --calibration-dir and --calibration-file, at most one of them
    std::vector<std::string> tensors{};  ///< --calibration-tensor
    std::optional<std::string> method_name;
    std::optional<double> percentile;
    bool equalise = false;

    bool named() const { return !folder.empty() || !table.empty() || !tensors.empty(); }
    bool any() const { return named() || method_name || percentile || equalise; }
    quantize::Method method() const { return method_name ? quantize::method_of(*method_name) : usual_method; }

    /// Throws Fault::usage for a percentile that no method uses, or that keeps nothing.
    void require_sense() const {
        if (percentile && method() != quantize::Method::percentile)
            throw Error(Fault::usage,
                        {.place = "--percentile",
                         .found = "the calibration method " + std::string(name_of(method())) + ", which has none",
                         .wanted = "--calibration-method percentile"});
        if (percentile && *percentile <= 50)
            throw Error(
                Fault::usage,
                {.place = "--percentile", .found = std::to_string(*percentile), .wanted = "more than 50 percent"});
    }
};

inline void add_calibration_method_options(CLI::App& verb, CalibrationOptions& options) {
    const std::vector<std::string> names(std::begin(quantize::method_names), std::end(quantize::method_names));
    verb.add_option(
            "--calibration-method", options.method_name,
            "How ranges are chosen: linear (minimum to maximum), percentile (without outliers), mse (least mean "
            "squared error), entropy (least loss of information)")
        ->check(CLI::IsMember(names))
        ->type_name("NAME")
        ->default_str(std::string(name_of(CalibrationOptions::usual_method)));
    verb.add_option("--percentile", options.percentile, "Percentage of the values that the method percentile keeps")
        ->check(CLI::Range(50., 100.))
        ->check(finite)
        ->type_name("P")
        ->default_str("99.99");
    verb.add_flag("--equalise", options.equalise,
                  "Equalise channel ranges first, across convolutions with ReLU or nothing between them");
}

inline void add_calibration_options(CLI::App& verb, CalibrationOptions& options) {
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
