#pragma once
#include <taxon/app/eval/evaluation.hpp>
#include <taxon/eval/classification.hpp>

namespace taxon::app {

template <>
struct ScoreReport<eval::ClassificationScore> {
    static constexpr const char* noun = "picture";

    static Json json(const eval::ClassificationScore& score) {
        return json_object({{"top1", score.top1()},
                            {"top5", score.top5()},
                            {"top1_count", score.right_first()},
                            {"top5_count", score.right_in_five()}});
    }

    static eval::ClassificationScore read(const Json& json, const std::filesystem::path& path) {
        const auto count = [&](const char* name) { return json_field<std::uint64_t>(json, name, path); };
        return {count("n"), count("top1_count"), count("top5_count")};
    }

    static std::string readable(const eval::ClassificationScore& score) {
        return fmt::format("top-1  {:6.2f}%  ({} of {})\ntop-5  {:6.2f}%  ({} of {})\n", 100 * score.top1(),
                           score.right_first(), score.n(), 100 * score.top5(), score.right_in_five(), score.n());
    }
};

}  // namespace taxon::app
