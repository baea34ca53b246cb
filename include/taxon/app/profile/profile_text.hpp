#pragma once
#include <algorithm>
#include <set>
#include <string>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/describe/layers.hpp>
#include <taxon/app/profile/advice.hpp>
#include <taxon/app/profile/kinds.hpp>
#include <taxon/core/printable.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

inline std::string shape_text(const Shape& shape) {
    return fmt::format("{}x{}x{}", shape.channels, shape.height, shape.width);
}

/// A table of these rows.
inline std::string profile_table(const Profile& profile, const std::vector<const ProfileRow*>& rows, PlanView plan) {
    std::size_t layer = 5, kernel = 6, output = 6;
    const auto kernel_of = [](const ProfileRow& row) {
        return row.step == none ? "" : row.tile.empty() ? row.kind : row.kind + " " + row.tile;
    };
    for (const ProfileRow* row : rows) {
        layer = std::max(layer, row->layer.size());
        kernel = std::max(kernel, kernel_of(*row).size());
        output = std::max(output, shape_text(row->output.shape).size());
    }
    const bool several = profile.threads > 1;
    std::string text = fmt::format("{:>4}  {:<{}}  {:<{}}  {:<{}}  {:<8} {:>9} {:>5} {:>8} {:>7} {:>6}  {:<7}{}  {}\n",
                                   "step", "layer", layer, "kernel", kernel, "output", output, "dtype", "ms", "%",
                                   "GFLOP/s", "GB/s", "roof %", "bound", several ? " wait %" : "", "arena");
    const double all = profile.seconds_in_rows();
    for (const ProfileRow* row : rows) {
        const bool step = row->step != none;
        const auto figure = [](double value, double amount, int digits) {
            return amount > 0 ? fmt::format("{:.{}f}", value, digits) : std::string();
        };
        double waiting = 0;
        for (const double one : row->busy) waiting += std::max(row->seconds - one, 0.);
        const double threads = static_cast<double>(std::max<std::size_t>(row->busy.size(), 1));
        std::string line = fmt::format(
            "{:>4}  {:<{}}  {:<{}}  {:<{}}  {:<8} {:>9.4f} {:>5.1f} {:>8} {:>7} {:>6}  {:<7}{}",
            step ? std::to_string(row->step) : "", printable(row->layer), layer, kernel_of(*row), kernel,
            step ? shape_text(row->output.shape) : "", output, step ? name_of(row->output.element) : "",
            row->seconds * 1e3, 100 * row->seconds / all, figure(row->flops / row->seconds * 1e-9, row->flops, 1),
            figure(row->moved_bytes / row->seconds * 1e-9, row->moved_bytes, 1),
            figure(100 * row->of_roof(), row->has_roof() ? 1 : 0, 0),
            !row->has_roof()      ? ""
            : row->memory_bound() ? "memory"
                                  : "compute",
            several ? (row->busy.empty() ? "       " : fmt::format(" {:>6.0f}", 100 * waiting / threads / row->seconds))
                    : "");
        if (row->buffer != none) {
            const Buffer& buffer = plan.buffers[static_cast<std::size_t>(row->buffer)];
            line += fmt::format("  {} in steps {} to {}", readable_bytes(taxon::detail::bytes_of(buffer)),
                                buffer.live_from, buffer.live_to);
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

inline std::string machine_text(const Machine& machine) {
    std::string text = fmt::format("roofs of {}, {}{}{}:", plural(machine.threads, "thread"), cpu::name_of(machine.isa),
                                   machine.processor.empty() ? "" : ", ", machine.processor);
    for (const auto& peak : machine.peaks)
        text += fmt::format(" {} {:.0f}", name_of(peak.weights), peak.operations * 1e-9);
    text += " GFLOP/s;";
    for (const auto& one : machine.bandwidths)
        text += fmt::format(" {} {:.0f}", readable_bytes(static_cast<std::int64_t>(one.working_set)), one.bytes * 1e-9);
    return text + " GB/s\n";
}

}  // namespace detail

/// The views of a profile, for people: "order", "time" (the `top` slowest rows) and "kind", as far as they are in
/// `views`; then the threads, the machine and the advice.
inline std::string profile_text(const Profile& profile, PlanView plan, const std::set<std::string>& views,
                                std::size_t top) {
    std::string text = fmt::format("{}\nbatch {}{}, {} ({})\n\n", profile.description, profile.batch,
                                   profile.length > 0 ? fmt::format(" of {} tokens", profile.length) : "",
                                   plural(profile.threads, "thread"), profile.threads_from);
    const double all = profile.seconds_in_rows();
    text += fmt::format("profiled    {:.4f} ms, mean of the fastest tenth of {}\n"
                        "unprofiled  {:.4f} ms, in turn with them: the overhead is {:+.1f} %\n"
                        "rows        {:.4f} ms, {:.1f} % of unprofiled; {:.4f} ms outside of them\n",
                        profile.profiled_seconds * 1e3, plural(static_cast<std::int64_t>(profile.profiled_runs), "run"),
                        profile.unprofiled_seconds * 1e3, 100 * profile.overhead(), all * 1e3,
                        100 * all / profile.unprofiled_seconds, (profile.profiled_seconds - all) * 1e3);
    std::vector<const ProfileRow*> rows;
    for (const ProfileRow& row : profile.rows) rows.push_back(&row);
    if (views.contains("order")) text += "\nin run order\n" + detail::profile_table(profile, rows, plan);
    if (views.contains("time")) {
        std::stable_sort(rows.begin(), rows.end(), [](auto* a, auto* b) { return a->seconds > b->seconds; });
        rows.resize(std::min(rows.size(), top));
        text += fmt::format("\nby time, the {} slowest\n", rows.size()) + detail::profile_table(profile, rows, plan);
    }
    if (views.contains("kind")) {
        text += fmt::format("\nby kind\n{:<18} {:>5} {:>9} {:>5} {:>8} {:>7}\n", "kind", "rows", "ms", "%", "GFLOP/s",
                            "GB/s");
        for (const ProfileKind& kind : kinds_of(profile))
            text += fmt::format("{:<18} {:>5} {:>9.4f} {:>5.1f} {:>8.1f} {:>7.1f}\n", kind.kind, kind.rows,
                                kind.seconds * 1e3, 100 * kind.seconds / all, kind.flops / kind.seconds * 1e-9,
                                kind.moved_bytes / kind.seconds * 1e-9);
    }
    text += "\n";
    if (profile.threads > 1)
        for (std::size_t thread = 0; thread < profile.busy.size(); ++thread)
            text +=
                fmt::format("thread {}: {:.4f} ms of work, {:.4f} ms of waiting\n", thread, profile.busy[thread] * 1e3,
                            std::max(profile.network_seconds - profile.busy[thread], 0.) * 1e3);
    text += detail::machine_text(profile.machine);
    for (const Advice& one : advice_on(profile)) text += "advice: " + one.text + "\n";
    return text;
}

}  // namespace taxon::app
