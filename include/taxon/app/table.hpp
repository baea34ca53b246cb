#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <taxon/app/network.hpp>
#include <taxon/core/error.hpp>
#include <vector>

namespace taxon::app {

/// Which row of a family's table the command line asks for. Empty: whatever the first fitting row has.
struct Choice {
    std::string variant, precision, backend, execution;
};

/// Different values of one column, in the table's order.
inline std::vector<std::string_view> column(const Family& family, std::string_view Offer::*field) {
    std::vector<std::string_view> values;
    for (const Offer& offer : family.offers)
        if (std::find(values.begin(), values.end(), offer.*field) == values.end()) values.push_back(offer.*field);
    return values;
}

inline std::string joined(const std::vector<std::string_view>& words, std::string_view between) {
    std::string text;
    for (const auto word : words) text.append(text.empty() ? "" : between).append(word);
    return text;
}

namespace detail {

/// An axis of the table: its option, its column, and the CMake variable that lengthens it ("" if none does).
struct Axis {
    std::string_view option, cmake;
    std::string_view Offer::*field;
    std::string Choice::*wanted;
};

inline constexpr Axis axes[] = {{"--variant", "TAXON_VARIANTS", &Offer::variant, &Choice::variant},
                                {"--precision", "TAXON_PRECISIONS", &Offer::precision, &Choice::precision},
                                {"--backend", "", &Offer::backend, &Choice::backend},
                                {"--execution", "", &Offer::execution, &Choice::execution}};

[[noreturn]] inline void not_in_table(const Family& family, const Axis& axis, const std::string& wanted) {
    const auto there = column(family, axis.field);
    Error::Facts facts{.place = std::string(axis.option),
                       .found = "'" + wanted + "', which is not built into this program",
                       .wanted = joined(there, ", ")};
    if (!axis.cmake.empty())
        facts.remedy =
            "cmake -D" + std::string(axis.cmake) + "=\"" + joined(there, ";") + ";" + wanted + "\" adds it, if the project has it";
    throw Error(Fault::usage, facts);
}

}  // namespace detail

/// The first row that fits. Throws Fault::usage with what the table has, and the CMake line that adds a row where there is one.
inline const Offer& choose(const Family& family, const Choice& choice) {
    const auto fits = [&](const Offer& offer, const detail::Axis& axis) {
        return (choice.*axis.wanted).empty() || offer.*axis.field == choice.*axis.wanted;
    };
    for (const auto& axis : detail::axes)
        if (std::none_of(family.offers.begin(), family.offers.end(), [&](const Offer& offer) { return fits(offer, axis); }))
            detail::not_in_table(family, axis, choice.*axis.wanted);
    for (const Offer& offer : family.offers)
        if (std::all_of(std::begin(detail::axes), std::end(detail::axes), [&](const auto& axis) { return fits(offer, axis); }))
            return offer;

    std::string asked, rows;
    for (const auto& axis : detail::axes)
        if (!(choice.*axis.wanted).empty())
            asked.append(asked.empty() ? "" : " ").append(axis.option).append(" ").append(choice.*axis.wanted);
    for (const Offer& offer : family.offers)
        if (choice.variant.empty() || offer.variant == choice.variant)
            rows.append(rows.empty() ? "" : "; ").append(joined({offer.variant, offer.precision, offer.backend, offer.execution}, " "));
    throw Error(Fault::usage, {.place = asked, .found = "a combination that is not built into this program", .wanted = "one of: " + rows});
}

}  // namespace taxon::app
