#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <taxon/app/model/options.hpp>
#include <vector>

namespace taxon::app {

/// Options common to every verb `perf`. The lists, and model.precision with commas in it, are a sweep.
struct PerfOptions {
    ModelOptions model;
    ReportOptions report;
    std::vector<int> batches{1}, threads{}, streams{1};
    std::optional<std::size_t> iterations, warmup_runs;
    std::optional<double> duration, warmup;  // seconds
    std::optional<double> until_within;      // percent
    std::optional<double> rate;              // runs a second
    std::string arrivals = "fixed";
    std::optional<std::uint64_t> seed;
    std::string compare, times;
    std::optional<double> fail_above;  // percent
    bool end_to_end = false, explain = false;

    int largest_batch() const;

    /// Throws Fault::usage unless --end-to-end and its inputs are given together.
    void require_inputs(bool given, const std::string& what, const std::string& remedy) const;
};

/// One row of a sweep. `threads`: of each stream, if that was asked for.
struct PerfSetting {
    std::string precision;
    int batch = 1;
    std::optional<int> threads;
    int streams = 1;
};

/// All combinations, in the order of a table: by precision, batch, threads, streams. Throws Fault::usage for values
/// that are given twice or empty.
std::vector<PerfSetting> settings_of(const PerfOptions& options);

/// Adds the verb. `noun`: a sample; `timed`: what --end-to-end times; empty: there is none.
CLI::App* add_perf(CLI::App& program, const Family& family, PerfOptions& options, const std::string& noun,
                   const std::string& timed);

}  // namespace taxon::app
