#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/core/error.hpp>
#include <vector>

namespace taxon::app {

/// A query for a row of a family's table. Empty fields match anything.
struct ModelQuery {
    std::string variant, precision, backend, execution, size{};
};

/// The distinct values of one column, in the table's order.
inline std::vector<std::string_view> column(const Family& family, std::string_view ModelEntry::*field) {
    std::vector<std::string_view> values;
    for (const ModelEntry& entry : family.entries)
        if (std::find(values.begin(), values.end(), entry.*field) == values.end()) values.push_back(entry.*field);
    return values;
}

inline std::string joined(const std::vector<std::string_view>& words, std::string_view between) {
    std::string text;
    for (const auto word : words) text.append(text.empty() ? "" : between).append(word);
    return text;
}

namespace detail {

/// An axis of the table: its option, its column, and the CMake variable that extends it ("" if none does).
struct Axis {
    std::string_view option, cmake;
    std::string_view ModelEntry::*field;
    std::string ModelQuery::*wanted;
};

inline constexpr Axis axes[] = {{"--variant", "TAXON_VARIANTS", &ModelEntry::variant, &ModelQuery::variant},
                                {"--size", "TAXON_SIZES", &ModelEntry::size, &ModelQuery::size},
                                {"--precision", "TAXON_PRECISIONS", &ModelEntry::precision, &ModelQuery::precision},
                                {"--backend", "", &ModelEntry::backend, &ModelQuery::backend},
                                {"--execution", "", &ModelEntry::execution, &ModelQuery::execution}};

[[noreturn]] inline void not_in_table(const Axis& axis, const std::string& wanted,
                                      const std::vector<std::string_view>& there, const std::string& of) {
    Error::Facts facts{.place = std::string(axis.option),
                       .found = "'" + wanted + "', which is not built into this program" + of,
                       .wanted = joined(there, ", ")};
    if (!axis.cmake.empty())
        facts.remedy = "cmake -D" + std::string(axis.cmake) + "=\"" + joined(there, ";") + ";" + wanted +
                       "\" adds it, if the project has it";
    throw Error(Fault::usage, facts);
}

/// The precisions of a variant.
inline std::vector<std::string_view> precisions_of(const Family& family, std::string_view variant) {
    std::vector<std::string_view> values;
    for (const ModelEntry& entry : family.entries)
        if (entry.variant == variant && std::find(values.begin(), values.end(), entry.precision) == values.end())
            values.push_back(entry.precision);
    return values;
}

}  // namespace detail

/// The first matching row. Throws Fault::usage listing what the table has, and the CMake line that adds a row where
/// there is one.
const ModelEntry& choose(const Family& family, const ModelQuery& choice);

/// The row of the same network in float32, fused, on the cpu backend. Throws Fault::usage with the CMake line that adds
/// it.
const ModelEntry& float_entry(const Family& family, const ModelEntry& like);

}  // namespace taxon::app
