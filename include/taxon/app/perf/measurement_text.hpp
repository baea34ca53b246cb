#pragma once
#include <map>
#include <span>
#include <string>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/perf/measurement.hpp>
#include <taxon/backend/cpu/processors.hpp>

#include <utility>

#include <fmt/core.h>

namespace taxon::app {

/// "1.478", with a star if there are too few runs for this percentile.
inline std::string marked(const Latency& latency, const Percentile& percentile) {
    return fmt::format("{:.3f}{}", latency.*percentile.value, too_few(latency.n, percentile.fraction) ? "*" : "");
}

inline std::string too_few_note(const Latency& latency) {
    for (const Percentile& percentile : percentiles)
        if (too_few(latency.n, percentile.fraction)) return "* too few runs for this percentile; --explain says why\n";
    return "";
}

namespace detail {

inline std::string latency_line(const std::string& name, const Latency& t) {
    std::string text = fmt::format("{:<16} {:>9.3f} {:>9.3f}", name, t.mean, t.min);
    for (const Percentile& percentile : percentiles) text += fmt::format(" {:>9}", marked(t, percentile));
    return text + fmt::format(" {:>9.3f} {:>8}\n", t.max, t.n);
}

}  // namespace detail

/// The figures of one measurement, for people.
inline std::string readable(const Measurement& m) {
    const auto& t = m.latency;
    std::string text = fmt::format("{}\nbatch {}{}, {}{} ({})\n\n", m.description, m.batch,
                                   m.sequence == 0 ? "" : fmt::format(" of {} tokens", m.sequence),
                                   m.streams == 1 ? "" : plural(m.streams, "stream") + " of ",
                                   plural(m.threads, "thread"), m.threads_from);
    text += fmt::format("throughput       {:.1f} samples/s by wall clock\n", m.samples_per_second);
    if (m.rate)
        text += fmt::format("arrivals         {:g} a second ({}), a run each, {:.0f} % of capacity\n", m.rate->rate,
                            m.rate->arrivals, m.rate->utilisation * 100);
    text += fmt::format("latency, ms      {:>9} {:>9}", "mean", "min");
    for (const Percentile& percentile : percentiles) text += fmt::format(" {:>9}", percentile.name);
    text += fmt::format(" {:>9} {:>8}\n", "max", "n");
    text += detail::latency_line(m.rate ? "from arrival" : "", t);
    if (m.rate) {
        text += detail::latency_line("of it waiting", m.rate->waiting);
        text += detail::latency_line("of it service", m.rate->service);
    }
    if (const auto note = too_few_note(t); !note.empty()) text += std::string(17, ' ') + note;
    text += fmt::format("median           {:.3f} to {:.3f} ms with 95 % confidence", t.median.low, t.median.high);
    if (m.within && !m.converged) text += fmt::format("; not within {:g} % in the time allowed", *m.within * 100);
    text += fmt::format("\nload             {:.1f} ms\nfirst inference  {:.3f} ms\n", m.load_ms, m.first_ms);
    text += fmt::format("processors used  {:.2f} of {}\n", m.processors, cpu::usable_processors());
    if (m.joules) text += fmt::format("energy           {:.4g} J a sample, of the whole machine\n", *m.joules);
    text += fmt::format("weights          {} ({:.2f} million parameters)\n", readable_bytes(m.weights_bytes),
                        static_cast<double>(m.parameters) / 1e6);
    text += fmt::format("arena            {}\npeak memory      {}\n", readable_bytes(m.arena_bytes),
                        readable_bytes(m.peak_bytes));
    return text;
}

/// What makes the figures of one or several measurements doubtful, a line each: of each kind the worst.
inline std::string doubts(std::span<const Measurement> measurements) {
    std::map<DisturbanceNote::Kind, std::pair<int, DisturbanceNote>> worst;
    int beyond = 0;
    for (const Measurement& m : measurements) {
        beyond += m.rate && m.rate->beyond_capacity() ? 1 : 0;
        for (const auto& note : m.disturbance.notes) {
            auto& [count, most] = worst.try_emplace(note.kind, 0, note).first->second;
            ++count;
            if (note.amount > most.amount) most = note;
        }
    }
    const auto rows = [&](int count) {
        return measurements.size() == 1 ? "" : fmt::format(" ({} of {} rows)", count, measurements.size());
    };
    std::string text;
    if (beyond > 0)
        text += "the rate is beyond capacity" + rows(beyond) + ": waiting grows with time, whatever the network\n";
    for (const auto& [kind, note] : worst) text += "disturbed" + rows(note.first) + ": " + note.second.sentence + "\n";
    return text.empty() ? "" : "\n" + text;
}

}  // namespace taxon::app
