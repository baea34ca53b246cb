#pragma once
#include <chrono>
#include <cstddef>
#include <vector>

namespace taxon::cpu {

/// What runs did and when: the begin and the end of each step on each thread. Runs in a workspace that names a record
/// add themselves to it, one at a time; until `runs` is cleared they take 40 bytes for each step and thread, in a chain
/// for each band.
struct RunRecord {
    using Clock = std::chrono::steady_clock;

    /// In place of a step's number: the conversion of the inputs, and of the outputs.
    static constexpr int input = -1, output = -2;

    struct Interval {
        int sample, step;
        Clock::time_point begin, end;
    };

    struct Run {
        int batch = 0, length = 0;  ///< samples; tokens of each, or the width of a picture
        int whole = 0;              ///< samples that one thread each ran alone, the first ones; threads shared the rest
        Clock::time_point begin{}, end{};
        std::vector<std::vector<Interval>> threads{};  ///< each thread's intervals, in order
    };

    std::vector<Run> runs{};
};

}  // namespace taxon::cpu
