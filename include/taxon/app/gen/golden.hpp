#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <taxon/number/element.hpp>
#include <taxon/core/shape.hpp>
#include <taxon/graph/port.hpp>
#include <taxon/policy/precision.hpp>
#include <taxon/app/run/spread.hpp>
#include <vector>

namespace taxon::app {

/// The number of golden pairs in an offline file, and the names of their sections.
inline constexpr int golden_pairs = 3;
/// Tokens of a golden text; a picture's width.
constexpr int golden_length(Shape input) { return input.sequence ? std::min(64, input.width) : input.width; }
inline std::string golden_input(int pair) { return "golden." + std::to_string(pair) + ".input"; }
/// Detectors: only every n-th number of a table is kept; three tables of 25,200 boxes would be larger than the weights.
constexpr std::size_t golden_stride(Shape output) { return output.table ? 97 : 1; }

/// The part of a result that is kept, of several outputs each.
inline std::vector<std::vector<float>> golden_answers(std::span<const float> answer, std::span<const Port> outputs,
                                                      int length) {
    std::vector<std::vector<float>> kept;
    for (const Port& output : outputs) {
        const auto numbers = answer.first(output.shape.size_of(length));
        answer = answer.subspan(numbers.size());
        std::vector<float>& some = kept.emplace_back();
        for (std::size_t i = 0; i < numbers.size(); i += golden_stride(output.shape)) some.push_back(numbers[i]);
    }
    return kept;
}

inline std::string golden_output(int pair) { return "golden." + std::to_string(pair) + ".output"; }

/// Tolerance of a replayed result, as the largest difference over the stored result's standard deviation. Instruction
/// sets sum floats in different orders; if sums are rounded to fewer bits afterwards, a difference in the last bit
/// becomes one in theirs. Quantized networks have one order on AVX2 and AVX-512, and give the same bytes; portable
/// code, which has no fused multiply-add, does not. Detectors amplify differences tenfold on inputs that show nothing.
constexpr double golden_tolerance(DataTypes data_types, bool detector = false) {
    if (detector) return 10 * golden_tolerance(data_types);
    switch (data_types.values == Element::float32 ? data_types.matrices : data_types.values) {
        case Element::float16: return 2e-2;
        case Element::bfloat16: return .12;
        case Element::uint8: return .1;
        case Element::int16: return 2e-2;
        default: return 1e-4;
    }
}

/// Comparison of a replayed result with the stored one.
struct Replay {
    bool identical = false;
    double difference = 0;  ///< largest, over the stored result's standard deviation, or size if it is one number

    static Replay of(std::span<const float> found, std::span<const float> stored) {
        Replay replay{.identical = std::equal(found.begin(), found.end(), stored.begin(), stored.end(),
                                              [](float a, float b) { return std::memcmp(&a, &b, sizeof a) == 0; })};
        if (replay.identical) return replay;
        double largest = 0;
        for (std::size_t i = 0; i < stored.size(); ++i) {
            const double difference = std::abs(static_cast<double>(found[i]) - static_cast<double>(stored[i]));
            if (!(difference <= largest)) largest = difference;  // NaN is kept
            if (std::isnan(largest)) break;
        }
        // one number has no deviation
        const double deviation = stored.size() == 1 ? std::abs(stored.front()) : Spread::of(stored).deviation;
        replay.difference =
            largest == 0 ? 0 : largest / (deviation > 0 ? deviation : std::numeric_limits<double>::min());
        return replay;
    }

    /// Of both, which are of two outputs; NaN is the worst.
    Replay worse(const Replay& other) const {
        return {identical && other.identical,
                difference >= other.difference || std::isnan(difference) ? difference : other.difference};
    }

    bool within(double tolerance) const { return identical || difference <= tolerance; }
};

}  // namespace taxon::app
