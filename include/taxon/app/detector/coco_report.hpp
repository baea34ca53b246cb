#pragma once
#include <algorithm>
#include <string>
#include <taxon/app/detector/coco_matches_json.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/eval/evaluation.hpp>
#include <taxon/eval/coco.hpp>

namespace taxon::app {

/// COCO's metrics, which merge exactly over shards.
struct CocoScore {
    eval::CocoMatches matches{};
    bool per_class = false;  ///< also report each category's metrics

    std::size_t n() const { return matches.images().size(); }
    void merge(const CocoScore& other) { matches.merge(other.matches), per_class = per_class || other.per_class; }
};

template <>
struct ScoreReport<CocoScore> {
    static constexpr const char* noun = "picture";

    static Json json(const CocoScore& score) {
        const auto figures = eval::coco_figures(score.matches);
        Json json;
        for (std::size_t i = 0; i < figures.names.size(); ++i) json[std::string(figures.names[i])] = figures.values[i];
        if (score.per_class)
            for (std::size_t i = 0; i < figures.categories.size(); ++i) {
                const auto& category = score.matches.categories()[i].category;
                json["categories"].push_back(json_object({{"id", category.id},
                                                          {"name", category.name},
                                                          {"AP", figures.categories[i].AP},
                                                          {"AP50", figures.categories[i].AP50}}));
            }
        json["matches"] = json_of(score.matches);
        return json;
    }

    static CocoScore read(const Json& json, const std::filesystem::path& path) {
        const auto matches = json.find("matches");
        if (matches == json.end())
            throw Error(Fault::missing, {.file = path.string(),
                                         .place = "field \"matches\"",
                                         .found = "nothing",
                                         .wanted = "what eval --json writes"});
        return {read_coco_matches(*matches, path), json.contains("categories")};
    }

    /// As pycocotools prints them; -1 where there are no objects.
    static std::string readable(const CocoScore& score) {
        const auto figures = eval::coco_figures(score.matches);
        constexpr const char* meanings[] = {"overlap 0.50:0.95", "overlap 0.50",  "overlap 0.75",    "small objects",
                                            "medium objects",    "large objects", "1 box a picture", "10 boxes",
                                            "100 boxes",         "small objects", "medium objects",  "large objects"};
        std::string text;
        for (std::size_t i = 0; i < figures.names.size(); ++i)
            text += fmt::format("{:<6} {:7.4f}  {}\n", figures.names[i], figures.values[i], meanings[i]);
        if (!score.per_class) return text;
        std::size_t widest = 8;
        for (const auto& of : score.matches.categories()) widest = std::max(widest, of.category.name.size());
        text += fmt::format("\n{:<{}} {:>8} {:>8}\n", "category", widest, "AP", "AP50");
        for (std::size_t i = 0; i < figures.categories.size(); ++i)
            text += fmt::format("{:<{}} {:8.4f} {:8.4f}\n", printable(score.matches.categories()[i].category.name),
                                widest, figures.categories[i].AP, figures.categories[i].AP50);
        return text;
    }
};

}  // namespace taxon::app
