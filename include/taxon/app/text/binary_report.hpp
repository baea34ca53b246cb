#pragma once
#include <taxon/app/eval/evaluation.hpp>
#include <taxon/eval/binary_classification.hpp>

namespace taxon::app {

template <>
struct ScoreReport<eval::BinaryScore> {
    static constexpr const char* noun = "text";

    static Json json(const eval::BinaryScore& score) {
        return {{"accuracy", score.accuracy()},
                {"f1", score.f1()},
                {"combined", score.combined()},
                {"true_positives", score.true_positives()},
                {"false_negatives", score.false_negatives()},
                {"true_negatives", score.true_negatives()},
                {"false_positives", score.false_positives()}};
    }

    static eval::BinaryScore read(const Json& json, const std::filesystem::path& path) {
        const auto count = [&](const char* name) { return json_field<std::uint64_t>(json, name, path); };
        return {count("true_positives"), count("false_negatives"), count("true_negatives"), count("false_positives")};
    }

    static std::string readable(const eval::BinaryScore& score) {
        return fmt::format("accuracy  {:6.2f}%  ({} of {})\nF1        {:6.2f}%  (class 1: {} found, {} missed, {} "
                           "taken for it)\ncombined  {:6.2f}%  (their mean)\n",
                           100 * score.accuracy(), score.right(), score.n(), 100 * score.f1(), score.true_positives(),
                           score.false_negatives(), score.false_positives(), 100 * score.combined());
    }
};

}  // namespace taxon::app
