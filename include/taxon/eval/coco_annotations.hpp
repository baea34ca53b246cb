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
#include <taxon/core/limits.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/eval/coco_ids.hpp>
#include <taxon/eval/coco_record.hpp>

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
    /// bbox, area, iscrowd if set); other fields and lists are ignored. Throws Fault::io, as for_each_coco_record does,
    /// ::limit also if names and ids take more memory than the file's size allows, ::missing (a field, or no image or
    /// category at all), ::type, ::value, ::duplicate (a repeated id) and ::mismatch (an image or category that is not
    /// listed), with the place.
    static CocoAnnotations read(const std::filesystem::path& path, const Limits& limits = {});

    const std::vector<CocoImage>& images() const { return images_; }
    const std::vector<CocoCategory>& categories() const { return categories_; }

    /// The objects of image `image`, in file order.
    std::span<const CocoObject> objects(std::size_t image) const {
        return std::span(objects_).subspan(first_[image], first_[image + 1] - first_[image]);
    }

    std::optional<std::size_t> image(std::uint64_t id) const { return place(images_, id); }
    std::optional<std::size_t> category(std::uint64_t id) const { return place(categories_, id); }
    /// The image or category that a field of a record from another file names.
    std::optional<std::size_t> image(const CocoRecord& record, CocoField field) const {
        const auto id = image_ids_.find(record, field);
        return id ? place(images_, *id) : std::nullopt;
    }
    std::optional<std::size_t> category(const CocoRecord& record, CocoField field) const {
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

    class Reading;

    void order();
    void sort_objects();

    std::vector<CocoImage> images_;
    std::vector<CocoCategory> categories_;
    std::vector<CocoObject> objects_;  // sorted by image
    std::vector<std::size_t> first_;   // offsets of each image's objects, and the end
    CocoIds image_ids_, category_ids_;
};

}  // namespace taxon::eval

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/eval/impl/coco_annotations.ipp>
#endif
