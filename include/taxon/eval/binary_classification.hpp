#pragma once
#include <cstdint>
#include <span>
#include <string>

#include <taxon/core/error.hpp>
#include <taxon/eval/finite_logits.hpp>

namespace taxon::eval {

/// Accuracy and F1 of a binary classifier, where class 1 is the positive one. Counts only, so parts of a data set merge
/// exactly.
class BinaryScore {
  public:
    BinaryScore() = default;

    /// Restores a score from counts: true positives, false negatives, true negatives, false positives.
    BinaryScore(std::uint64_t true_positives, std::uint64_t false_negatives, std::uint64_t true_negatives,
                std::uint64_t false_positives)
        : counts_{{true_negatives, false_positives}, {false_negatives, true_positives}} {}

    /// Counts one result, two logits; of equal ones the first wins. Throws Fault::value for one that is not finite,
    /// Fault::bounds for a label other than 0 or 1, Fault::shape unless there are two logits; the score is then
    /// unchanged.
    void add(std::span<const float> logits, int label) {
        if (logits.size() != 2)
            throw Error(Fault::shape,
                        {.place = "logits", .found = std::to_string(logits.size()) + " numbers", .wanted = "2"});
        if (label != 0 && label != 1)
            throw Error(Fault::bounds, {.place = "label", .found = std::to_string(label), .wanted = "0 or 1"});
        require_finite(logits);
        ++counts_[label][logits[1] > logits[0]];
    }

    /// Merges the counts of another part of the same data set.
    BinaryScore& merge(const BinaryScore& other) {
        for (int label : {0, 1})
            for (int answer : {0, 1}) counts_[label][answer] += other.counts_[label][answer];
        return *this;
    }

    std::uint64_t true_positives() const { return counts_[1][1]; }
    std::uint64_t false_negatives() const { return counts_[1][0]; }
    std::uint64_t true_negatives() const { return counts_[0][0]; }
    std::uint64_t false_positives() const { return counts_[0][1]; }
    std::uint64_t right() const { return true_positives() + true_negatives(); }
    std::uint64_t n() const { return right() + false_negatives() + false_positives(); }

    /// The fraction of correct results; 0 without samples.
    double accuracy() const { return share(right(), n()); }
    /// Harmonic mean of precision and recall of class 1 (van Rijsbergen, "Information Retrieval" (1979), chapter 7); 0
    /// if class 1 neither occurs nor is predicted.
    double f1() const {
        return share(2 * true_positives(), 2 * true_positives() + false_positives() + false_negatives());
    }
    /// Mean of both, as in GLUE's table (Wang et al. 2018) for MRPC.
    double combined() const { return (accuracy() + f1()) / 2; }

    friend bool operator==(const BinaryScore&, const BinaryScore&) = default;

  private:
    static double share(std::uint64_t count, std::uint64_t all) {
        return all == 0 ? 0. : static_cast<double>(count) / static_cast<double>(all);
    }

    std::uint64_t counts_[2][2] = {};  // by label, then prediction
};

}  // namespace taxon::eval
