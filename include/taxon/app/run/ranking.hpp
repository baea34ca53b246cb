#pragma once
#include <limits>
#include <span>
#include <string>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/eval/finite_logits.hpp>
#include <taxon/eval/top_k.hpp>
#include <taxon/number/nonfinite.hpp>
#include <vector>

namespace taxon::app {

/// An input's name and its best classes, the best first; or, without any class, a number: that of a regression, or NaN
/// for a result that is not finite.
struct Ranking {
    std::string name;
    std::vector<eval::Ranked> best{};
    float number = std::numeric_limits<float>::quiet_NaN();
};

/// True if a network's result is one number and not one of several classes.
inline bool is_regression(const ModelEntry& entry) { return !entry.output.table && entry.output.size() == 1; }

/// Does work(), which reads the raw result of the input `name`. A result that is not finite becomes CheckFailed.
template <class Work>
auto checked_result(const std::string& name, Work work) {
    try {
        return work();
    } catch (const Error& error) {
        if (error.fault() == Fault::value) throw CheckFailed(error.in_file("result of " + name).what());
        throw;
    }
}

/// The `count` best classes of one raw result (or all, if there are fewer), or its only number. Throws CheckFailed for
/// a result that is not finite, unless that is `allowed`: it has no class then.
inline Ranking rank(const std::string& name, std::span<const float> logits, int count, bool allowed = false) {
    if (allowed && !all_finite(logits)) return {name};
    return checked_result(name, [&]() -> Ranking {
        if (logits.size() > 1) return {name, eval::top_k(logits, count)};
        eval::require_finite(logits);
        return {name, {}, logits.front()};
    });
}

}  // namespace taxon::app
