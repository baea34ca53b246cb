#pragma once
#include <span>
#include <string>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/eval/top_k.hpp>
#include <vector>

namespace taxon::app {

/// An input's name and its best classes, the best first.
struct Ranking {
    std::string name;
    std::vector<eval::Ranked> best;
};

/// Does work(), which reads the raw result of the input `name`. NaN or infinity in a result becomes CheckFailed.
template <class Work>
auto checked_result(const std::string& name, Work work) {
    try {
        return work();
    } catch (const Error& error) {
        if (error.fault() == Fault::value) throw CheckFailed(error.in_file("result of " + name).what());
        throw;
    }
}

/// The `count` best classes of one raw result (or all, if there are fewer).
inline Ranking rank(const std::string& name, std::span<const float> logits, int count) {
    return {name, checked_result(name, [&] { return eval::top_k(logits, count); })};
}

}  // namespace taxon::app
