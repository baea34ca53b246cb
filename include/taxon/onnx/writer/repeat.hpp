#pragma once
#include <algorithm>
#include <cstdint>
#include <taxon/onnx/writer/sequence.hpp>
#include <utility>
#include <vector>

namespace taxon::onnx::writer {

/// Runs of statements of one function that are alike and do not overlap.
struct Repeat {
    std::size_t length;
    std::vector<std::size_t> starts;

    /// The lines that a function of them saves at most.
    double bound() const { return starts.empty() ? 0 : static_cast<double>((starts.size() - 1) * length); }
};

/// The repeats of a function that may save more than `least` lines, without those of one statement again and again,
/// which are loops: see Repetition. In time and memory linear in its statements.
inline std::vector<Repeat> repeats_of(const Function& function, const LiveRanges& ranges, double least) {
    constexpr std::size_t shortest = 3, longest = 400;
    std::vector<Repeat> repeats;
    for (const bool exact : {false, true}) {
        const Sequence sequence(function, ranges, exact);
        const std::size_t count = sequence.size();
        // the starts of runs of one length that are alike; a run that is there once is there once at any length
        std::vector<std::vector<std::size_t>> alike(1), longer;
        for (std::size_t start = 0; start < count; ++start) alike[0].push_back(start);
        std::vector<std::pair<std::uint64_t, std::size_t>> runs;  // the hash of the last statement, and the start
        for (std::size_t length = 1; length <= std::min(longest, count / 2) && !alike.empty(); ++length) {
            longer.clear();
            for (const std::vector<std::size_t>& starts : alike) {
                runs.clear();
                for (const std::size_t start : starts)
                    if (start + length <= count) runs.push_back({sequence.hash(start, start + length - 1), start});
                if (!std::is_sorted(runs.begin(), runs.end())) std::sort(runs.begin(), runs.end());
                for (std::size_t i = 0, end = 0; i < runs.size(); i = end) {
                    while (end < runs.size() && runs[end].first == runs[i].first) ++end;
                    if (end - i < 2) continue;
                    longer.emplace_back();
                    for (std::size_t k = i; k < end; ++k) longer.back().push_back(runs[k].second);
                }
            }
            std::swap(alike, longer);
            if (length < shortest) continue;
            for (const std::vector<std::size_t>& starts : alike) {
                if (sequence.is_one_symbol(starts[0], length)) continue;
                Repeat repeat{length, {}};
                for (const std::size_t start : starts)
                    if (repeat.starts.empty() || repeat.starts.back() + length <= start) repeat.starts.push_back(start);
                if (repeat.bound() > least) repeats.push_back(std::move(repeat));
            }
        }
    }
    return repeats;
}

}  // namespace taxon::onnx::writer
