#pragma once
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/profile/profile.hpp>
#include <taxon/core/printable.hpp>
#include <utility>
#include <vector>

#include <fmt/core.h>

/// Rules that read advice off a profile. Each says what the figures show, what to try, and how much of a run is at
/// stake; none if it does not apply.
namespace taxon::app {

struct Advice {
    std::string rule;  ///< a stable name
    std::string text;
    std::vector<int> steps{};  ///< of the plan, if it is about some
    double seconds = 0;        ///< of a run, at stake
};

namespace detail {

inline double seconds_of_stage(const Profile& profile, std::string_view stage) {
    double sum = 0;
    for (const ProfileRow& row : profile.rows) sum += row.stage == stage ? row.seconds : 0;
    return sum;
}

inline std::string percent(double part) { return fmt::format("{:.{}f} %", 100 * part, part < .0995 ? 1 : 0); }

inline std::string title(const ProfileRow& row) {
    return row.layer.empty() ? fmt::format("step {} ({})", row.step, row.kind)
                             : fmt::format("{} ({})", printable(row.layer), row.kind);
}

/// How much of their roof the steps other than one reach together; of all without one. 0 if there are none.
inline double of_roof_without(const Profile& profile, const ProfileRow* without) {
    double roof = 0, seconds = 0;
    for (const ProfileRow& row : profile.rows)
        if (row.has_roof() && &row != without) roof += row.roof_seconds(), seconds += row.seconds;
    return seconds > 0 ? roof / seconds : 0;
}

}  // namespace detail

/// A layer that takes a tenth of the network's time or more, and reaches less than half as much of its roof as the
/// other steps together: the one that loses most.
inline std::optional<Advice> layer_below_roof(const Profile& profile) {
    const ProfileRow* worst = nullptr;
    double most_lost = 0, pace = 0;
    for (const ProfileRow& row : profile.rows) {
        if (!row.has_roof() || row.seconds < .1 * profile.network_seconds) continue;
        const double others = detail::of_roof_without(profile, &row);
        if (row.of_roof() >= .5 * others) continue;
        const double lost = row.seconds - row.roof_seconds() / others;
        if (lost > most_lost) worst = &row, most_lost = lost, pace = others;
    }
    if (!worst) return std::nullopt;
    return Advice{"layer_below_roof",
                  fmt::format("{} takes {} of the network's time at {} of its roof, where the other steps together "
                              "reach {}: {:.3f} ms more than at their pace.",
                              detail::title(*worst), detail::percent(worst->seconds / profile.network_seconds),
                              detail::percent(worst->of_roof()), detail::percent(pace), 1e3 * most_lost),
                  {worst->step},
                  most_lost};
}

/// A layer that takes a third of the network's time or more.
inline std::optional<Advice> layer_dominates(const Profile& profile) {
    const auto most = std::max_element(profile.rows.begin(), profile.rows.end(), [](const auto& a, const auto& b) {
        return (a.step == none ? 0 : a.seconds) < (b.step == none ? 0 : b.seconds);
    });
    if (most == profile.rows.end() || most->step == none || most->seconds < profile.network_seconds / 3)
        return std::nullopt;
    return Advice{
        "layer_dominates",
        fmt::format("{} alone takes {} of the network's time{}: what does not make it smaller or faster changes "
                    "little.",
                    detail::title(*most), detail::percent(most->seconds / profile.network_seconds),
                    most->has_roof() ? ", at " + detail::percent(most->of_roof()) + " of its roof" : ""),
        {most->step},
        most->seconds / 3};
}

/// Half of the network's time or more in steps whose roof is memory's, and that come within a factor of three of it.
inline std::optional<Advice> memory_bound(const Profile& profile) {
    double seconds = 0, weights = 0, moved = 0;
    std::vector<int> steps;
    for (const ProfileRow& row : profile.rows)
        if (row.has_roof() && row.memory_bound() && row.of_roof() > 1 / 3.) {
            seconds += row.seconds, steps.push_back(row.step);
            weights += profile.batch * row.weight_bytes, moved += row.moved_bytes;
        }
    if (steps.empty() || seconds < .5 * profile.network_seconds) return std::nullopt;
    const bool by_weights = weights > .5 * moved, narrow = profile.data_types.matrices != Element::float32;
    return Advice{"memory_bound",
                  fmt::format("{} of the network's time is in {} bound by memory, mostly by {}{}.",
                              detail::percent(seconds / profile.network_seconds),
                              plural(static_cast<std::int64_t>(steps.size()), "step"),
                              by_weights ? "weights" : "values",
                              narrow       ? ": faster arithmetic would not help them"
                              : by_weights ? ": weights of half the size or less (--precision) take less of it"
                                           : ": values of fewer bits (an integer --precision) take less of it"),
                  std::move(steps), seconds / 2};
}

/// Threads that wait for a third of the network's time or more.
inline std::optional<Advice> too_many_threads(const Profile& profile) {
    if (profile.threads < 2 || profile.network_seconds <= 0) return std::nullopt;
    double busy = 0;
    for (const double one : profile.busy) busy += one;
    const double used = busy / profile.network_seconds, waiting = 1 - used / profile.threads;
    if (waiting < 1 / 3.) return std::nullopt;
    const int enough = std::max(1, static_cast<int>(std::lround(used)));
    const auto working = std::count_if(profile.busy.begin(), profile.busy.end(), [](double one) { return one > 0; });
    return Advice{"too_many_threads",
                  working < profile.threads
                      ? fmt::format("Only {} of {} threads had any work: the steps are too small to share, or others "
                                    "use the processors; try --threads {}.",
                                    working, profile.threads, enough)
                      : fmt::format("{} threads wait {} of the network's time for each other: try --threads {}, and "
                                    "use the others for further runs side by side.",
                                    profile.threads, detail::percent(waiting), enough),
                  {},
                  waiting * profile.network_seconds / 2};
}

/// More time before the network than in it, or more than a quarter of a run after it.
inline std::optional<Advice> preparation_dominates(const Profile& profile) {
    const double reading = detail::seconds_of_stage(profile, "read"),
                 preprocessing = detail::seconds_of_stage(profile, "preprocess"), before = reading + preprocessing;
    if (before <= profile.network_seconds) return std::nullopt;
    const auto words = std::find_if(profile.rows.begin(), profile.rows.end(),
                                    [](const ProfileRow& row) { return row.stage == "read"; });
    const bool texts = words != profile.rows.end() && words->layer == "tokenize";
    return Advice{"preparation_dominates",
                  fmt::format("{} of a run passes before the network starts ({}{}), and {} in it: {}.",
                              detail::percent(before / profile.profiled_seconds),
                              texts ? "tokenizing" : fmt::format("reading {}", detail::percent(reading / before)),
                              texts ? "" : fmt::format(", preprocessing {}", detail::percent(preprocessing / before)),
                              detail::percent(profile.network_seconds / profile.profiled_seconds),
                              texts                     ? "tokenize ahead of time"
                              : reading > preprocessing ? "give smaller pictures, or read on other threads meanwhile"
                                                        : "preprocess on other threads meanwhile"),
                  {},
                  before};
}
inline std::optional<Advice> postprocessing_dominates(const Profile& profile) {
    const double after = detail::seconds_of_stage(profile, "postprocess");
    if (after < .25 * profile.profiled_seconds || after <= 0) return std::nullopt;
    return Advice{"postprocessing_dominates",
                  fmt::format("{} of a run passes after the network: a higher threshold leaves fewer results.",
                              detail::percent(after / profile.profiled_seconds)),
                  {},
                  after};
}

/// A narrower type whose products this machine does in two thirds of the time or less, for a network in float32 of
/// which half or more is bound by products.
inline std::optional<Advice> precision_would_pay(const Profile& profile) {
    const Machine::Peak* const floats = profile.machine.peak(Element::float32);
    if (profile.data_types != DataTypes{} || !floats) return std::nullopt;
    double seconds = 0;
    for (const ProfileRow& row : profile.rows)
        if ((row.kind == "convolution" || row.kind == "winograd") && !row.memory_bound()) seconds += row.seconds;
    const Machine::Peak* best = floats;
    for (const Machine::Peak& one : profile.machine.peaks)
        if (one.operations > best->operations) best = &one;
    if (seconds < .5 * profile.network_seconds || best->operations < 1.5 * floats->operations) return std::nullopt;
    const std::string_view precision = best->weights == Element::bfloat16 ? "force_bfloat16"
                                       : best->weights == Element::int16  ? "qint16_mixed_float32"
                                                                          : "qint8_mixed_float32";
    return Advice{
        "precision_would_pay",
        fmt::format("{} of the network's time is in products bound by arithmetic, and this machine multiplies "
                    "{} {:.1f} times as fast as float32: measure --precision {}, and its accuracy.",
                    detail::percent(seconds / profile.network_seconds), name_of(best->weights),
                    best->operations / floats->operations, precision),
        {},
        seconds * (1 - floats->operations / best->operations) / 2};
}

/// A profile that is not to be believed to the last percent.
inline std::optional<Advice> overhead_is_large(const Profile& profile) {
    if (std::abs(profile.overhead()) < .05) return std::nullopt;
    return Advice{"overhead_is_large",
                  fmt::format("Profiled runs took {:.1f} % {} time than the others: {}.",
                              100 * std::abs(profile.overhead()), profile.overhead() > 0 ? "more" : "less",
                              profile.overhead() > 0 ? "reading the clock counts in the smallest steps"
                                                     : "other work on this machine came and went; repeat the profile"),
                  {},
                  std::abs(profile.profiled_seconds - profile.unprofiled_seconds)};
}

/// All that apply, what is most at stake first.
inline std::vector<Advice> advice_on(const Profile& profile) {
    std::vector<Advice> all;
    for (const auto rule : {layer_below_roof, layer_dominates, memory_bound, too_many_threads, preparation_dominates,
                            postprocessing_dominates, precision_would_pay, overhead_is_large})
        if (auto one = rule(profile)) all.push_back(std::move(*one));
    std::stable_sort(all.begin(), all.end(), [](const Advice& a, const Advice& b) { return a.seconds > b.seconds; });
    return all;
}

}  // namespace taxon::app
