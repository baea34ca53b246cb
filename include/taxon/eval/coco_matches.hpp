#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/eval/coco_annotations.hpp>
#include <taxon/eval/coco_detections.hpp>
#include <taxon/eval/coco_matching.hpp>

namespace taxon::eval {

/// The data that COCO's metrics are computed from, for one category: the number of objects in each area range, and
/// every detection with its outcome.
struct CocoCategoryMatches {
    struct OfImage {
        std::uint64_t image = 0;           ///< the image's id
        std::vector<CocoMatch> matches{};  ///< best first, at least one
    };
    CocoCategory category{};
    std::array<std::uint64_t, coco_areas.size()> objects{};
    std::vector<OfImage> images{};
};

/// The matches of a data set or of some of its images. Images are independent, so parts of a data set, processed in any
/// order and on any machines, merge to bitwise identical metrics.
class CocoMatches {
  public:
    CocoMatches() = default;
    explicit CocoMatches(const CocoAnnotations& annotations) {
        for (const CocoCategory& one : annotations.categories()) categories_.push_back({.category = one});
    }

    /// Restores matches from the parts of another such object. Throws Fault::duplicate for a repeated image, ::mismatch
    /// for detections in an image that is not listed, ::value for an image's detections unless they are 1 to 100, best
    /// first.
    CocoMatches(std::vector<std::uint64_t> images, std::vector<CocoCategoryMatches> categories)
        : categories_(std::move(categories)) {
        std::sort(images.begin(), images.end());
        check_images(images, "the list of images");
        images_ = {images.begin(), images.end()};
        for (const auto& category : categories_) check(category);
    }

    /// Adds image `image` of the annotations that this was made of, with all its detections. Throws Fault::duplicate
    /// for an image already added, ::bounds for a category that is not listed, ::value for numbers that are not finite
    /// or negative sizes; everything is then unchanged.
    void add(const CocoAnnotations& annotations, std::size_t image, std::span<const CocoDetection> detections) {
        const std::uint64_t id = annotations.images()[image].id;
        check(id, detections);
        // only the categories that occur: an image has few of many
        std::map<std::size_t, std::pair<std::vector<CocoObject>, std::vector<CocoDetection>>> of_category;
        for (const CocoObject& one : annotations.objects(image)) of_category[one.category].first.push_back(one);
        for (const CocoDetection& one : detections) of_category[one.category].second.push_back(one);
        for (auto& [category, both] : of_category) {
            auto& [objects, detected] = both;
            for (const CocoObject& one : objects)
                for (std::size_t range = 0; range < coco_areas.size(); ++range)
                    categories_[category].objects[range] += !one.crowd && coco_areas[range].holds(one.area);
            if (!detected.empty())
                categories_[category].images.push_back({id, match_coco(objects, std::move(detected))});
        }
        images_.insert(id);
    }

    /// Merges the matches of other images. Throws Fault::mismatch for other categories, ::duplicate for an image in
    /// both; everything is then unchanged.
    CocoMatches& merge(const CocoMatches& other) {
        const auto same = [](const CocoCategoryMatches& a, const CocoCategoryMatches& b) {
            return a.category == b.category;
        };
        if (!std::equal(categories_.begin(), categories_.end(), other.categories_.begin(), other.categories_.end(),
                        same))
            throw Error(
                Fault::mismatch,
                {.place = "categories", .found = "other ones", .wanted = "the same in all parts of a data set"});
        for (const std::uint64_t id : other.images_)
            if (images_.contains(id)) refuse_twice(id, "the list of images");
        images_.insert(other.images_.begin(), other.images_.end());
        for (std::size_t i = 0; i < categories_.size(); ++i) {
            auto& [category, objects, images] = categories_[i];
            for (std::size_t range = 0; range < objects.size(); ++range)
                objects[range] += other.categories_[i].objects[range];
            images.insert(images.end(), other.categories_[i].images.begin(), other.categories_[i].images.end());
        }
        return *this;
    }

    std::uint64_t n() const { return images_.size(); }
    const std::set<std::uint64_t>& images() const { return images_; }  ///< ids
    const std::vector<CocoCategoryMatches>& categories() const { return categories_; }

  private:
    static void check_images(const std::vector<std::uint64_t>& rising, const std::string& place) {
        const auto twice = std::adjacent_find(rising.begin(), rising.end());
        if (twice != rising.end()) refuse_twice(*twice, place);
    }
    [[noreturn]] static void refuse_twice(std::uint64_t image, const std::string& place) {
        throw Error(
            Fault::duplicate,
            {.place = place, .found = "image " + std::to_string(image) + " twice", .wanted = "each image once"});
    }

    void check(const CocoCategoryMatches& of) const {
        const std::string place = "category " + std::to_string(of.category.id);
        std::vector<std::uint64_t> ids;
        for (const auto& [image, matches] : of.images) {
            if (!images_.contains(image))
                throw Error(Fault::mismatch, {.place = place,
                                              .found = "detections in image " + std::to_string(image),
                                              .wanted = "images of the list"});
            const auto worse = [](const CocoMatch& a, const CocoMatch& b) { return !(a.score >= b.score); };
            if (matches.empty() || matches.size() > most_coco_detections || !std::isfinite(matches.front().score) ||
                !std::isfinite(matches.back().score) ||
                std::adjacent_find(matches.begin(), matches.end(), worse) != matches.end())
                throw Error(Fault::value,
                            {.place = place,
                             .found = std::to_string(matches.size()) + " detections in image " + std::to_string(image),
                             .wanted = "1 to " + std::to_string(most_coco_detections) + ", scores falling"});
            ids.push_back(image);
        }
        std::sort(ids.begin(), ids.end());
        check_images(ids, place);
    }

    void check(std::uint64_t id, std::span<const CocoDetection> detections) const {
        if (images_.contains(id)) refuse_twice(id, "the list of images");
        for (const auto& [category, box, score] : detections) {
            if (category >= categories_.size())
                throw Error(Fault::bounds,
                            {.place = "detection in image " + std::to_string(id),
                             .found = "class " + std::to_string(category),
                             .wanted = "one of " + std::to_string(categories_.size()) + " categories, counted from 0",
                             .remedy = "the annotations must have the network's classes"});
            const bool finite = std::isfinite(box.left) && std::isfinite(box.top) && std::isfinite(box.width) &&
                                std::isfinite(box.height) && std::isfinite(score);
            if (!finite || box.width < 0 || box.height < 0)
                throw Error(Fault::value, {.place = "detection in image " + std::to_string(id),
                                           .found = finite ? "a negative size" : "a number that is not finite",
                                           .wanted = "a box and a score",
                                           .remedy = "check the weights and the input"});
        }
    }

    std::set<std::uint64_t> images_;
    std::vector<CocoCategoryMatches> categories_;
};

}  // namespace taxon::eval
