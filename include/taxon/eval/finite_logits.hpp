#pragma once
#include <cmath>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/number/nonfinite.hpp>

namespace taxon::eval {

/// Throws Fault::value, naming the first of them, for NaN and infinity: no class chosen from them would mean anything.
inline void require_finite(std::span<const float> logits) {
    const std::size_t at = first_nonfinite(logits);
    if (at == logits.size()) return;
    throw Error(Fault::value, {.place = "logit " + std::to_string(at),
                               .found = std::isnan(logits[at]) ? "not a number" : "infinity",
                               .wanted = "a finite number",
                               .remedy = "check the weights and the input"});
}

}  // namespace taxon::eval
