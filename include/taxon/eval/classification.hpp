#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <taxon/core/error.hpp>
#include <taxon/eval/finite_logits.hpp>

namespace taxon::eval {

/// Top-1 and top-5 accuracy of a classifier. Counts only, so parts of a data set merge exactly.
class ClassificationScore {
  public:
    ClassificationScore() = default;

    /// Restores a score from counts. Throws Fault::value unless first <= five <= samples.
    ClassificationScore(std::uint64_t samples, std::uint64_t first, std::uint64_t five)
        : samples_(samples), first_(first), five_(five) {
        if (first > five || five > samples)
            throw Error(Fault::value,
                        {.place = "score",
                         .found = std::to_string(first) + " and " + std::to_string(five) + " right of " +
                                  std::to_string(samples),
                         .wanted = "no more right in one guess than in five, and than there are samples"});
    }

    /// Counts one result, a logit per class. Among equal logits the lower index ranks first. Throws Fault::value for a
    /// logit that is not finite, Fault::bounds for a label that is not a class; the score is then unchanged.
    void add(std::span<const float> logits, int label) {
        if (label < 0 || static_cast<std::size_t>(label) >= logits.size())
            throw Error(Fault::bounds,
                        {.place = "label",
                         .found = std::to_string(label),
                         .wanted = "one of " + std::to_string(logits.size()) + " classes, counted from 0",
                         .remedy = "check the data set against the model's classes"});
        require_finite(logits);
        const auto target = static_cast<std::size_t>(label);
        std::size_t better = 0;
        for (std::size_t i = 0; i < logits.size(); ++i)
            if (logits[i] > logits[target] || (logits[i] == logits[target] && i < target)) ++better;
        ++samples_;
        if (better < 1) ++first_;
        if (better < 5) ++five_;
    }

    /// Merges the counts of another part of the same data set.
    ClassificationScore& merge(const ClassificationScore& other) {
        samples_ += other.samples_;
        first_ += other.first_;
        five_ += other.five_;
        return *this;
    }

    std::uint64_t n() const { return samples_; }
    std::uint64_t right_first() const { return first_; }
    std::uint64_t right_in_five() const { return five_; }

    /// Fractions of the samples; 0 without samples.
    double top1() const { return fraction(first_); }
    double top5() const { return fraction(five_); }

    friend bool operator==(const ClassificationScore&, const ClassificationScore&) = default;

  private:
    double fraction(std::uint64_t count) const {
        return samples_ == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(samples_);
    }

    std::uint64_t samples_ = 0, first_ = 0, five_ = 0;
};

}  // namespace taxon::eval
