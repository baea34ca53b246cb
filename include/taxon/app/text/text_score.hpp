#pragma once
#include <cstdint>
#include <string>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/eval/evaluation.hpp>
#include <taxon/eval/binary_classification.hpp>

namespace taxon::app {

/// The score of texts with two classes, and how many of them were longer than --sequence.
struct TextScore {
    eval::BinaryScore answers{};
    std::uint64_t cut = 0;

    std::uint64_t n() const { return answers.n(); }
    void merge(const TextScore& other) { answers.merge(other.answers), cut += other.cut; }
};

/// A line with the number of truncated texts; empty if there are none.
inline std::string cut_texts(std::uint64_t cut) {
    return cut == 0 ? std::string()
                    : fmt::format("{} truncated; --sequence sets the maximum number of tokens\n",
                                  plural(static_cast<std::int64_t>(cut), "text"));
}

template <>
struct ScoreReport<TextScore> {
    static constexpr const char* noun = "text";

    static Json json(const TextScore& score) {
        const auto& answers = score.answers;
        return json_object({{"accuracy", answers.accuracy()},
                            {"f1", answers.f1()},
                            {"combined", answers.combined()},
                            {"true_positives", answers.true_positives()},
                            {"false_negatives", answers.false_negatives()},
                            {"true_negatives", answers.true_negatives()},
                            {"false_positives", answers.false_positives()},
                            {"texts_cut", score.cut}});
    }

    static TextScore read(const Json& json, const std::filesystem::path& path) {
        const auto count = [&](const char* name) { return json_field<std::uint64_t>(json, name, path); };
        return {{count("true_positives"), count("false_negatives"), count("true_negatives"), count("false_positives")},
                count("texts_cut")};
    }

    static std::string readable(const TextScore& score) {
        const auto& answers = score.answers;
        return fmt::format("accuracy  {:6.2f}%  ({} of {})\nF1        {:6.2f}%  (class 1: {} found, {} missed, {} "
                           "false positives)\ncombined  {:6.2f}%  (their mean)\n",
                           100 * answers.accuracy(), answers.right(), answers.n(), 100 * answers.f1(),
                           answers.true_positives(), answers.false_negatives(), answers.false_positives(),
                           100 * answers.combined()) +
               cut_texts(score.cut);
    }
};

}  // namespace taxon::app
