#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <taxon/eval/coco_matches.hpp>

namespace taxon::eval {

/// COCO's average precision and average recall as pycocotools reports them, fractions; -1 where there are no objects.
/// AP is averaged over ten IoU thresholds, 101 recalls and all categories; AP50 and AP75 are at one threshold; AR1,
/// AR10, AR100 allow that many detections per image and category; s, m, l are small, medium and large objects.
struct CocoFigures {
    static constexpr std::array<std::string_view, 12> names{"AP",  "AP50", "AP75",  "APs", "APm", "APl",
                                                            "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"};

    struct OfCategory {
        double AP = -1, AP50 = -1;
    };
    std::array<double, names.size()> values{};  ///< in the order of the names
    std::vector<OfCategory> categories{};       ///< in the order of the matches' categories
};

namespace detail {

/// Mean of the values present; -1 if there are none.
class CocoMean {
  public:
    void add(double number) {
        sum_ += number;
        ++count_;
    }
    double value() const { return count_ == 0 ? -1 : sum_ / static_cast<double>(count_); }

  private:
    double sum_ = 0;
    std::size_t count_ = 0;
};

/// All outcomes of a category, best scores first, equal ones by image id and then in their order within the image.
inline std::vector<CocoOutcome> ranked_outcomes(const CocoCategoryMatches& of) {
    auto images = of.images;
    std::sort(images.begin(), images.end(), [](const auto& a, const auto& b) { return a.image < b.image; });
    std::vector<CocoMatch> all;
    for (const auto& one : images) all.insert(all.end(), one.matches.begin(), one.matches.end());
    std::stable_sort(all.begin(), all.end(), [](const CocoMatch& a, const CocoMatch& b) { return a.score > b.score; });
    std::vector<CocoOutcome> outcomes;
    for (const CocoMatch& one : all) outcomes.push_back(one.outcome);
    return outcomes;
}

/// Mean, over recalls 0, 0.01, … 1, of the best precision at that recall or a higher one; 0 for recalls that are not
/// reached.
inline double average_precision(const std::vector<CocoOutcome>& ranked, std::size_t range, std::size_t threshold,
                                std::uint64_t objects) {
    constexpr double steps = 100;
    std::vector<double> recalls, precisions;
    double right = 0, wrong = 0;
    for (const CocoOutcome& one : ranked) {
        right += one.right[range] >> threshold & 1;
        wrong += one.wrong[range] >> threshold & 1;
        recalls.push_back(right / static_cast<double>(objects));
        precisions.push_back(right / (wrong + right + std::numeric_limits<double>::epsilon()));
    }
    for (std::size_t i = precisions.size(); i-- > 1;) precisions[i - 1] = std::max(precisions[i - 1], precisions[i]);
    double sum = 0;
    std::size_t at = 0;
    for (int step = 0; step <= 100; ++step) {
        const double recall = step == 100 ? 1.0 : step * (1 / steps);
        while (at < recalls.size() && recalls[at] < recall) ++at;
        if (at < recalls.size()) sum += precisions[at];
    }
    return sum / (steps + 1);
}

/// The fraction of objects found by the best `most` detections of each image.
inline double recall(const CocoCategoryMatches& of, std::size_t range, std::size_t threshold, std::size_t most) {
    std::uint64_t right = 0;
    for (const auto& image : of.images)
        for (std::size_t i = 0; i < std::min(most, image.matches.size()); ++i)
            right += static_cast<unsigned>(image.matches[i].outcome.right[range]) >> threshold & 1u;
    return static_cast<double>(right) / static_cast<double>(of.objects[range]);
}

}  // namespace detail

/// The metrics of pycocotools' COCOeval.summarize() for boxes.
inline CocoFigures coco_figures(const CocoMatches& matches) {
    constexpr std::size_t overlaps = coco_overlaps.size(), ranges = coco_areas.size(), at_75 = 5;
    struct Recall {
        std::size_t range, most;
    };
    constexpr std::array<Recall, 6> asked{{{0, 1}, {0, 10}, {0, 100}, {1, 100}, {2, 100}, {3, 100}}};
    std::array<detail::CocoMean, ranges> precision;
    std::array<detail::CocoMean, asked.size()> recall;
    detail::CocoMean at_50_mean, at_75_mean;
    CocoFigures figures;
    for (const CocoCategoryMatches& of : matches.categories()) {
        const auto ranked = detail::ranked_outcomes(of);
        auto& own = figures.categories.emplace_back();
        detail::CocoMean own_mean;
        for (std::size_t range = 0; range < ranges; ++range)
            for (std::size_t threshold = 0; threshold < overlaps && of.objects[range] > 0; ++threshold) {
                const double found = detail::average_precision(ranked, range, threshold, of.objects[range]);
                precision[range].add(found);
                if (range > 0) continue;
                own_mean.add(found);
                if (threshold == 0) at_50_mean.add(own.AP50 = found);
                if (threshold == at_75) at_75_mean.add(found);
            }
        own.AP = own_mean.value();
        for (std::size_t i = 0; i < asked.size(); ++i)
            for (std::size_t threshold = 0; threshold < overlaps && of.objects[asked[i].range] > 0; ++threshold)
                recall[i].add(detail::recall(of, asked[i].range, threshold, asked[i].most));
    }
    figures.values = {precision[0].value(), at_50_mean.value(),   at_75_mean.value(),
                      precision[1].value(), precision[2].value(), precision[3].value()};
    for (std::size_t i = 0; i < asked.size(); ++i) figures.values[6 + i] = recall[i].value();
    return figures;
}

}  // namespace taxon::eval
