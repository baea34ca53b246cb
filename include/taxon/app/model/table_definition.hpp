#pragma once
#include <taxon/app/model/table.hpp>

/// Definitions for table.hpp, compiled once for all kinds of programs.
namespace taxon::app {

const ModelEntry& choose(const Family& family, const ModelQuery& choice) {
    const auto fits = [&](const ModelEntry& entry, const detail::Axis& axis) {
        return (choice.*axis.wanted).empty() || entry.*axis.field == choice.*axis.wanted;
    };
    for (const auto& axis : detail::axes)
        if (std::none_of(family.entries.begin(), family.entries.end(),
                         [&](const ModelEntry& entry) { return fits(entry, axis); }))
            detail::not_in_table(axis, choice.*axis.wanted, column(family, axis.field), "");
    for (const ModelEntry& entry : family.entries)
        if (std::all_of(std::begin(detail::axes), std::end(detail::axes),
                        [&](const auto& axis) { return fits(entry, axis); }))
            return entry;

    const std::string variant(choice.variant.empty() ? family.entries.front().variant : choice.variant);
    if (const auto there = detail::precisions_of(family, variant);
        !choice.precision.empty() && std::find(there.begin(), there.end(), choice.precision) == there.end())
        detail::not_in_table(detail::axes[2], choice.precision, there, " for variant " + variant);
    std::string asked, rows;
    for (const auto& axis : detail::axes)
        if (!(choice.*axis.wanted).empty())
            asked.append(asked.empty() ? "" : " ").append(axis.option).append(" ").append(choice.*axis.wanted);
    for (const ModelEntry& entry : family.entries)
        if (choice.variant.empty() || entry.variant == choice.variant)
            rows.append(rows.empty() ? "" : "; ")
                .append(
                    entry.size.empty()
                        ? joined({entry.variant, entry.precision, entry.backend, entry.execution}, " ")
                        : joined({entry.variant, entry.size, entry.precision, entry.backend, entry.execution}, " "));
    throw Error(
        Fault::usage,
        {.place = asked, .found = "a combination that is not built into this program", .wanted = "one of: " + rows});
}

const ModelEntry& float_entry(const Family& family, const ModelEntry& like) {
    constexpr std::string_view precision = "force_float32";
    for (const ModelEntry& entry : family.entries)
        if (entry.variant == like.variant && entry.size == like.size && entry.precision == precision &&
            entry.backend == "cpu" && entry.execution == "fused")
            return entry;
    const auto there = joined(detail::precisions_of(family, like.variant), ";");
    throw Error(Fault::usage,
                {.place = "variant " + std::string(like.variant),
                 .found = "no " + std::string(precision) + " in this program, which calibration and convert run",
                 .remedy = "cmake -DTAXON_PRECISIONS=\"" + std::string(precision) + ";" + there + "\" adds it"});
}

}  // namespace taxon::app
