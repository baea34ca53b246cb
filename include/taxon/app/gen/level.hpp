#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <taxon/app/model/table.hpp>
#include <vector>

namespace taxon::app {

/// Levels of precision for `gen`.
enum class Level { O0, O1, O2, O3 };
inline constexpr std::string_view level_names[] = {"O0", "O1", "O2", "O3"};

constexpr std::string_view name_of(Level level) { return level_names[static_cast<int>(level)]; }

/// One of level_names.
constexpr Level level_of(std::string_view name) { return static_cast<Level>(name[1] - '0'); }

/// True if a level allows this precision: O0 float32 alone; O1 also those without integers; O2 also those of 8-bit
/// integers; O3 those alone, with no layer kept in float.
constexpr bool allows(Level level, const DataTypes& data_types) {
    switch (level) {
        case Level::O0: return data_types == DataTypes{};
        case Level::O1: return !data_types.quantized();
        case Level::O2: return !data_types.quantized() || data_types.values == Element::uint8;
        default: return data_types.values == Element::uint8 && data_types.float_layers.empty();
    }
}

/// The precisions that define a level: one of them must be compiled in.
inline std::vector<std::string_view> usual_precisions(Level level) {
    if (level == Level::O0) return {};
    if (level == Level::O1) return {"force_bfloat16", "force_float16"};
    return {"qint8_mixed_float32", "qint8_mixed_float16"};
}

/// The rows of `floats`'s network to choose from, fused, on the cpu backend: itself first, for comparison. Throws
/// Fault::usage if the level has none of its own, with the CMake line that adds some.
inline std::vector<const ModelEntry*> rows_of(Level level, const Family& family, const ModelEntry& floats) {
    std::vector<const ModelEntry*> rows{&floats};
    bool own = level == Level::O0;
    for (const ModelEntry& entry : family.entries) {
        if (entry.variant != floats.variant || entry.size != floats.size || entry.backend != floats.backend ||
            entry.execution != floats.execution || !allows(level, entry.data_types) || &entry == &floats)
            continue;
        rows.push_back(&entry);
        own |= level < Level::O2 || entry.data_types.quantized();
    }
    if (own) return rows;
    const auto there = detail::precisions_of(family, floats.variant), wanted = usual_precisions(level);
    throw Error(
        Fault::usage,
        {.place = "--level " + std::string(name_of(level)),
         .found = "variant " + std::string(floats.variant) + " in " + joined(there, ", ") + " alone in this program",
         .wanted = joined(wanted, " or "),
         .remedy = "cmake -DTAXON_PRECISIONS=\"" + joined(there, ";") + ";" + joined(wanted, ";") + "\" adds them"});
}

/// The level's usual precisions that this program lacks for a variant: one of them might do better.
inline std::vector<std::string_view> not_built(Level level, const std::vector<const ModelEntry*>& rows) {
    std::vector<std::string_view> missing;
    for (Level each = Level::O1; each <= level && level != Level::O3;
         each = static_cast<Level>(static_cast<int>(each) + 1))
        for (const auto name : usual_precisions(each)) missing.push_back(name);
    if (level == Level::O3) missing = usual_precisions(level);
    std::erase_if(missing, [&](std::string_view name) {
        return std::any_of(rows.begin(), rows.end(), [&](const ModelEntry* row) { return row->precision == name; });
    });
    return missing;
}

}  // namespace taxon::app
