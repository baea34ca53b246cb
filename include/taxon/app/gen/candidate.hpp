#pragma once
#include <limits>
#include <optional>
#include <string>
#include <taxon/app/gen/level.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <vector>

namespace taxon::app {

/// A precision that a level may choose, with its measurements. float32's drop is 0.
struct Candidate {
    const ModelEntry* entry = nullptr;
    BoundModel model{};
    double drop = 0;                ///< against float32, in percentage points
    std::optional<double> score{};  ///< on labelled inputs
    double milliseconds = 0;        ///< per run
};

/// Criteria for the choice.
struct Rule {
    Level level = Level::O0;
    double max_drop = 1;  ///< percentage points
    /// Times that differ by less are considered equal: a measurement's noise must not decide.
    static constexpr double noise = 1.03;

    bool holds(const Candidate& candidate) const { return candidate.drop <= max_drop + 1e-9; }
    bool may_choose(const Candidate& candidate) const {
        return allows(level, candidate.entry->data_types) && holds(candidate);
    }
};

/// The fastest candidate within the bound; of equally fast ones the one with the smallest drop, then the smallest, then
/// the first. None if none is within it.
inline std::optional<std::size_t> chosen(const std::vector<Candidate>& candidates, const Rule& rule) {
    double least = std::numeric_limits<double>::infinity();
    for (const Candidate& candidate : candidates)
        if (rule.may_choose(candidate)) least = std::min(least, candidate.milliseconds);
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const Candidate& candidate = candidates[i];
        if (!rule.may_choose(candidate) || candidate.milliseconds > least * Rule::noise) continue;
        const auto rank = [](const Candidate& c) { return std::pair(c.drop, c.entry->packed_bytes); };
        if (!best || rank(candidate) < rank(candidates[*best])) best = i;
    }
    return best;
}

/// The reason why a candidate is written, or not.
inline std::string reason(const Candidate& candidate, const Candidate& written, const Rule& rule) {
    if (&candidate == &written) return "written";
    if (!allows(rule.level, candidate.entry->data_types)) return "for comparison";
    if (!rule.holds(candidate)) return "drops too much";
    if (candidate.milliseconds > written.milliseconds * Rule::noise) return "slower";
    return candidate.drop > written.drop ? "no faster, drops more" : "no faster, no smaller";
}

}  // namespace taxon::app
