#pragma once
#include <optional>
#include <string>
#include <taxon/app/console/finite.hpp>
#include <taxon/core/error.hpp>
#include <taxon/quantize/method.hpp>
#include <vector>

#include <CLI/CLI.hpp>

namespace taxon::app {

struct Family;

/// Options for calibrating a quantized precision.
struct CalibrationOptions {
    /// Without --calibration-method. docs/precisions.md has what each method costs.
    quantize::Method usual_method = quantize::Method::percentile;

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

void add_calibration_method_options(CLI::App& verb, CalibrationOptions& options);

/// For pictures. The few largest values of a detector are its surest boxes, so clipping them costs more than coarser
/// steps do: ranges are usually from minimum to maximum.
void add_calibration_options(CLI::App& verb, const Family& family, CalibrationOptions& options);

}  // namespace taxon::app
