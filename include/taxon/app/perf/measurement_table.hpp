#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <taxon/app/perf/measurement_text.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

/// Rows of cells as a Markdown table whose columns are aligned; the first row is the heading. Columns are aligned to
/// the right from `right` on.
inline std::string markdown(const std::vector<std::vector<std::string>>& rows, std::size_t right) {
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    std::string text;
    const auto line = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < row.size(); ++i)
            text +=
                i < right ? fmt::format("| {:<{}} ", row[i], widths[i]) : fmt::format("| {:>{}} ", row[i], widths[i]);
        text += "|\n";
    };
    line(rows.front());
    for (std::size_t i = 0; i < widths.size(); ++i)
        text += "|" + std::string(widths[i] + (i < right ? 2 : 1), '-') + (i < right ? "" : ":");
    text += "|\n";
    for (std::size_t i = 1; i < rows.size(); ++i) line(rows[i]);
    return text;
}

}  // namespace detail

/// A sweep in the shape of the vendors' tables, in Markdown. All times are in ms.
inline std::string table(std::span<const Measurement> measurements) {
    const bool streams =
        std::any_of(measurements.begin(), measurements.end(), [](const Measurement& m) { return m.streams != 1; });
    std::vector<std::vector<std::string>> rows{{"network", "precision", "batch", "threads"}};
    auto& heading = rows.front();
    if (streams) heading.emplace_back("streams");
    for (const char* name : {"samples/s", "mean", "p50", "p95", "p99", "runs"}) heading.emplace_back(name);
    for (const Measurement& m : measurements) {
        auto& row = rows.emplace_back();
        row = {m.network, m.precision, std::to_string(m.batch), std::to_string(m.threads)};
        if (streams) row.push_back(std::to_string(m.streams));
        row.push_back(fmt::format("{:.1f}", m.samples_per_second));
        row.push_back(fmt::format("{:.3f}", m.latency.mean));
        for (const auto& percentile : percentiles)
            if (percentile.name == "p50" || percentile.name == "p95" || percentile.name == "p99")
                row.push_back(marked(m.latency, percentile));
        row.push_back(std::to_string(m.latency.n));
    }
    return detail::markdown(rows, 2);
}

/// A sweep for people: where it ran, the table, and what makes it doubtful.
inline std::string readable(std::span<const Measurement> measurements) {
    const Measurement& first = measurements.front();
    std::string text;
    for (std::size_t i = 0; i < measurements.size(); ++i) {  // precisions may run on other instruction sets
        const Measurement& m = measurements[i];
        if (i > 0 && m.backend == measurements[i - 1].backend) continue;
        text += i == 0 ? m.backend : fmt::format("; from {} on {}", m.precision, m.backend);
    }
    if (first.rate) text += fmt::format("; {:g} arrivals a second ({})", first.rate->rate, first.rate->arrivals);
    text += "; times in ms per run\n\n";
    text += table(measurements);
    const auto fewest = std::min_element(measurements.begin(), measurements.end(),
                                         [](const auto& a, const auto& b) { return a.latency.n < b.latency.n; });
    const auto marked_in_table = [&](double fraction) { return too_few(fewest->latency.n, fraction); };
    if (marked_in_table(.99)) text += "\n* too few runs for this percentile; --explain says why\n";
    return text + doubts(measurements);
}

}  // namespace taxon::app
