#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/eval/coco_ids.hpp>
#include <taxon/eval/coco_records.hpp>

namespace taxon::eval {

struct CocoImage {
    std::uint64_t id = 0;
    std::string file;
    int width = 0, height = 0;  ///< 0: not stated
};

struct CocoCategory {
    std::uint64_t id = 0;
    std::string name;
    friend bool operator==(const CocoCategory&, const CocoCategory&) = default;
};

/// An annotated object in an image.
struct CocoObject {
    std::size_t image = 0, category = 0;  ///< indices into the lists of CocoAnnotations
    CocoBox box;
    double area = 0;     ///< of its outline: determines whether it is small, medium or large
    bool crowd = false;  ///< many objects in one outline: detecting it neither helps nor hurts
};

/// A COCO annotation file ("instances_val2017.json"): images and categories by ascending id, so that a network's class
/// i is categories[i]. Ids are whole numbers or strings; a string counts as its rank among all of them.
class CocoAnnotations {
  public:
    /// Reads an object of lists: images (id, file_name), categories (id, name), annotations (image_id, category_id,
    /// bbox, area, iscrowd if set); other fields and lists are ignored. Throws Fault::io, as JsonReader does, ::missing
    /// (a field, or no image or category at all), ::type, ::value, ::duplicate (a repeated id) and ::mismatch (an image
    /// or category that is not listed), with the place.
    static CocoAnnotations read(const std::filesystem::path& path, const Limits& limits = {}) {
        CocoAnnotations made;
        std::vector<std::pair<std::uint64_t, std::uint64_t>> ids;  // image and category of each object
        const auto see = [&](std::string_view list, const CocoRecord& record) {
            if (list == "images")
                made.images_.push_back({made.image_ids_.read(record, "id"), record.text("file_name"),
                                        record.side("width"), record.side("height")});
            if (list == "categories")
                made.categories_.push_back({made.category_ids_.read(record, "id"), record.text("name")});
            if (list != "annotations") return;
            ids.emplace_back(made.image_ids_.read(record, "image_id"), made.category_ids_.read(record, "category_id"));
            if (record.number("area") < 0)
                record.refuse(Fault::value, "area", "a negative number", "an area in pixels");
            made.objects_.push_back(
                {.box = record.box(), .area = record.number("area"), .crowd = record.flag("iscrowd")});
        };
        for_each_coco_record(path, io::JsonRoot::object, see, limits);
        try {
            if (ids.empty())
                throw Error(Fault::missing, {.place = "list \"annotations\"",
                                             .found = "nothing",
                                             .wanted = "at least one object",
                                             .remedy = "image_info files have none; use an instances file"});
            made.order(ids);
        } catch (const Error& error) { throw error.in_file(path.string()); }
        return made;
    }

    const std::vector<CocoImage>& images() const { return images_; }
    const std::vector<CocoCategory>& categories() const { return categories_; }

    /// The objects of image `image`, in file order.
    std::span<const CocoObject> objects(std::size_t image) const {
        return std::span(objects_).subspan(first_[image], first_[image + 1] - first_[image]);
    }

    std::optional<std::size_t> image(std::uint64_t id) const { return place(images_, id); }
    std::optional<std::size_t> category(std::uint64_t id) const { return place(categories_, id); }
    /// The image or category that a field of a record from another file names.
    std::optional<std::size_t> image(const CocoRecord& record, std::string_view field) const {
        const auto id = image_ids_.find(record, field);
        return id ? place(images_, *id) : std::nullopt;
    }
    std::optional<std::size_t> category(const CocoRecord& record, std::string_view field) const {
        const auto id = category_ids_.find(record, field);
        return id ? place(categories_, *id) : std::nullopt;
    }

  private:
    template <class Listed>
    static std::optional<std::size_t> place(const std::vector<Listed>& list, std::uint64_t id) {
        const auto found = std::lower_bound(list.begin(), list.end(), id,
                                            [](const Listed& one, std::uint64_t wanted) { return one.id < wanted; });
        return found == list.end() || found->id != id ? std::nullopt
                                                      : std::optional(static_cast<std::size_t>(found - list.begin()));
    }

    template <class Listed>
    static void sort_by_id(std::vector<Listed>& list, const char* name) {
        if (list.empty())
            throw Error(Fault::missing, {.place = std::string("list \"") + name + "\"",
                                         .found = "nothing",
                                         .wanted = "at least one",
                                         .remedy = "name a file of annotations, such as instances_val2017.json"});
        std::sort(list.begin(), list.end(), [](const Listed& a, const Listed& b) { return a.id < b.id; });
        const auto twice =
            std::adjacent_find(list.begin(), list.end(), [](const Listed& a, const Listed& b) { return a.id == b.id; });
        if (twice != list.end())
            throw Error(Fault::duplicate, {.place = std::string("list \"") + name + "\"",
                                           .found = "id " + std::to_string(twice->id) + " twice",
                                           .wanted = "each id once"});
    }

    void order(std::vector<std::pair<std::uint64_t, std::uint64_t>>& ids) {
        if (const auto ranks = image_ids_.order(); !ranks.empty()) {
            for (CocoImage& one : images_) one.id = ranks[one.id];
            for (auto& [image_id, category_id] : ids) image_id = ranks[image_id];
        }
        if (const auto ranks = category_ids_.order(); !ranks.empty()) {
            for (CocoCategory& one : categories_) one.id = ranks[one.id];
            for (auto& [image_id, category_id] : ids) category_id = ranks[category_id];
        }
        sort_by_id(images_, "images");
        sort_by_id(categories_, "categories");
        for (std::size_t i = 0; i < objects_.size(); ++i) {
            const auto refuse = [&](const char* field, std::uint64_t id, const char* list) {
                throw Error(Fault::mismatch,
                            {.place = "annotations[" + std::to_string(i) + "], field \"" + field + "\"",
                             .found = std::to_string(id),
                             .wanted = std::string("an id of the list \"") + list + "\""});
            };
            const auto image_at = place(images_, ids[i].first), category_at = place(categories_, ids[i].second);
            if (!image_at) refuse("image_id", ids[i].first, "images");
            if (!category_at) refuse("category_id", ids[i].second, "categories");
            objects_[i].image = *image_at;
            objects_[i].category = *category_at;
        }
        std::stable_sort(objects_.begin(), objects_.end(),
                         [](const CocoObject& a, const CocoObject& b) { return a.image < b.image; });
        first_.assign(images_.size() + 1, 0);
        for (const CocoObject& one : objects_) ++first_[one.image + 1];
        for (std::size_t i = 0; i < images_.size(); ++i) first_[i + 1] += first_[i];
    }

    std::vector<CocoImage> images_;
    std::vector<CocoCategory> categories_;
    std::vector<CocoObject> objects_;  // sorted by image
    std::vector<std::size_t> first_;   // offsets of each image's objects, and the end
    CocoIds image_ids_, category_ids_;
};

}  // namespace taxon::eval
