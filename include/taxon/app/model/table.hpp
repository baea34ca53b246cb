#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <taxon/app/model/any_model.hpp>
#include <taxon/core/error.hpp>
#include <vector>

namespace taxon::app {

/// Which row of a family's table the command line asks for. Empty: whatever the first fitting row has.
struct Choice {
    std::string variant, precision, backend, execution, size{};
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
                                {"--size", "TAXON_SIZES", &Offer::size, &Choice::size},
                                {"--precision", "TAXON_PRECISIONS", &Offer::precision, &Choice::precision},
                                {"--backend", "", &Offer::backend, &Choice::backend},
                                {"--execution", "", &Offer::execution, &Choice::execution}};

[[noreturn]] inline void not_in_table(const Axis& axis, const std::string& wanted, const std::vector<std::string_view>& there, const std::string& of) {
    Error::Facts facts{.place = std::string(axis.option), .found = "'" + wanted + "', which is not built into this program" + of, .wanted = joined(there, ", ")};
    if (!axis.cmake.empty())
        facts.remedy = "cmake -D" + std::string(axis.cmake) + "=\"" + joined(there, ";") + ";" + wanted + "\" adds it, if the project has it";
    throw Error(Fault::usage, facts);
}

/// The precisions of a variant.
inline std::vector<std::string_view> precisions_of(const Family& family, std::string_view variant) {
    std::vector<std::string_view> values;
    for (const Offer& offer : family.offers)
        if (offer.variant == variant && std::find(values.begin(), values.end(), offer.precision) == values.end()) values.push_back(offer.precision);
    return values;
}

}  // namespace detail

/// The first row that fits. Throws Fault::usage with what the table has, and the CMake line that adds a row where there is one.
inline const Offer& choose(const Family& family, const Choice& choice) {
    const auto fits = [&](const Offer& offer, const detail::Axis& axis) {
        return (choice.*axis.wanted).empty() || offer.*axis.field == choice.*axis.wanted;
    };
    for (const auto& axis : detail::axes)
        if (std::none_of(family.offers.begin(), family.offers.end(), [&](const Offer& offer) { return fits(offer, axis); }))
            detail::not_in_table(axis, choice.*axis.wanted, column(family, axis.field), "");
    for (const Offer& offer : family.offers)
        if (std::all_of(std::begin(detail::axes), std::end(detail::axes), [&](const auto& axis) { return fits(offer, axis); }))
            return offer;

    const std::string variant(choice.variant.empty() ? family.offers.front().variant : choice.variant);
    if (const auto there = detail::precisions_of(family, variant);
        !choice.precision.empty() && std::find(there.begin(), there.end(), choice.precision) == there.end())
        detail::not_in_table(detail::axes[2], choice.precision, there, " for variant " + variant);
    std::string asked, rows;
    for (const auto& axis : detail::axes)
        if (!(choice.*axis.wanted).empty())
            asked.append(asked.empty() ? "" : " ").append(axis.option).append(" ").append(choice.*axis.wanted);
    for (const Offer& offer : family.offers)
        if (choice.variant.empty() || offer.variant == choice.variant)
            rows.append(rows.empty() ? "" : "; ").append(offer.size.empty() ? joined({offer.variant, offer.precision, offer.backend, offer.execution}, " ")
                                                                                     : joined({offer.variant, offer.size, offer.precision, offer.backend, offer.execution}, " "));
    throw Error(Fault::usage, {.place = asked, .found = "a combination that is not built into this program", .wanted = "one of: " + rows});
}

/// The row of the same network with float32 numbers, fused, on the cpu backend. Throws Fault::usage with the CMake line that adds it.
inline const Offer& float_offer(const Family& family, const Offer& like) {
    constexpr std::string_view precision = "force_float32";
    for (const Offer& offer : family.offers)
        if (offer.variant == like.variant && offer.size == like.size && offer.precision == precision && offer.backend == "cpu" && offer.execution == "fused") return offer;
    const auto there = joined(detail::precisions_of(family, like.variant), ";");
    throw Error(Fault::usage, {.place = "variant " + std::string(like.variant), .found = "no " + std::string(precision) + " in this program, which calibration and convert run",
                               .remedy = "cmake -DTAXON_PRECISIONS=\"" + std::string(precision) + ";" + there + "\" adds it"});
}

}  // namespace taxon::app
