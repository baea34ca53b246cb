#pragma once
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <taxon/onnx/writer/block.hpp>
#include <taxon/onnx/writer/sequence.hpp>
#include <vector>

namespace taxon::onnx::writer {

/// The block of a function that is worth most; nothing if none is worth it.
inline std::optional<Block> best_block(const Function& function) {
    constexpr std::size_t shortest = 3, longest = 400;
    constexpr double least = 6.5;
    struct Candidate {
        double bound;  ///< what it is worth at most
        std::size_t length;
        std::vector<std::size_t> starts;
    };
    std::vector<Candidate> candidates;
    for (const bool exact : {false, true}) {
        const Sequence sequence(function, exact);
        const std::size_t count = sequence.size();
        std::vector<std::pair<std::uint64_t, std::size_t>> runs;  // the hash and the start of those of one length
        for (std::size_t start = 0; start < count; ++start) runs.push_back({0, start});
        for (std::size_t length = 1; length <= std::min(longest, count / 2); ++length) {
            std::erase_if(runs, [&](const auto& run) { return run.second + length > count; });
            for (auto& [hash, start] : runs) hash = sequence.extended(hash, start, start + length - 1);
            std::sort(runs.begin(), runs.end());
            // a run that is there once is there once at any length
            std::vector<std::pair<std::uint64_t, std::size_t>> repeated;
            for (std::size_t i = 0; i < runs.size();) {
                std::size_t end = i;
                while (end < runs.size() && runs[end].first == runs[i].first) ++end;
                std::vector<std::size_t> starts;
                for (std::size_t k = i; k < end && end - i > 1; ++k) {
                    repeated.push_back(runs[k]);
                    if (starts.empty() || starts.back() + length <= runs[k].second) starts.push_back(runs[k].second);
                }
                const std::size_t begin = runs[i].second;
                i = end;
                // one statement again and again is a loop
                if (length < shortest || starts.size() < 2 || sequence.is_one_symbol(begin, length)) continue;
                if (const double bound = static_cast<double>((starts.size() - 1) * length); bound > least)
                    candidates.push_back({bound, length, std::move(starts)});
            }
            runs = std::move(repeated);
        }
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.bound > b.bound; });
    std::optional<Block> best;
    double best_worth = least;
    for (Candidate& candidate : candidates) {
        if (candidate.bound <= best_worth) break;
        // the first one often differs, as in names without a number
        for (int without = 0; without < 2 && candidate.starts.size() > 1; ++without) {
            Block block(function, candidate.starts, candidate.length);
            if (const double worth = block.worth(); worth > best_worth) {
                best_worth = worth;
                best.emplace(std::move(block));
                break;
            }
            candidate.starts.erase(candidate.starts.begin());
        }
    }
    return best;
}

/// Takes blocks that repeat out of the first function, and out of one another, into functions of their own. `taken`:
/// identifiers that they must not have.
inline void find_blocks(std::vector<Function>& functions, std::set<std::string>& taken) {
    for (std::size_t i = 0; i < functions.size(); ++i)
        while (const std::optional<Block> block = best_block(functions[i])) {
            const std::string word = block->word();
            std::string name = word;
            for (int number = 2; !taken.insert(name).second; ++number) name = word + "_" + std::to_string(number);
            std::vector<Statement> calls;
            Function made = block->made(name, calls);
            std::vector<Statement> left;
            std::size_t call = 0;
            for (std::size_t k = 0; k < functions[i].statements.size();) {
                if (call < calls.size() && block->starts()[call] == k) {
                    left.push_back(std::move(calls[call++]));
                    k += block->length();
                } else left.push_back(functions[i].statements[k++]);
            }
            functions.push_back(std::move(made));
            functions[i].statements = std::move(left);
        }
}

}  // namespace taxon::onnx::writer
