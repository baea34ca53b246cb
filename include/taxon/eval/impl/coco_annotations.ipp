#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <taxon/core/occurrences.hpp>
#include <taxon/eval/coco_records.hpp>
#include <taxon/io/json_file.hpp>
#include <taxon/io/memory_budget.hpp>
#include <utility>

namespace taxon::eval {

namespace detail {

template <class Listed>
void sort_by_id(std::vector<Listed>& list, const char* name) {
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

}  // namespace detail

/// Adds records to the lists, in the order of the file.
class CocoAnnotations::Reading {
  public:
    Reading(CocoAnnotations& made, std::string_view text, const Limits& limits)
        : made_(made), memory_(limits, text.size(), "JSON") {
        // vectors that grow would hold everything twice for a moment
        memory_.reserve(made.images_, occurrences(text, "\"file_name\""));
        memory_.reserve(made.objects_, occurrences(text, "\"bbox\""));
    }

    void see(std::string_view list, const CocoRecord& record) {
        if (list == "images")
            add(made_.images_, {id(made_.image_ids_, record, "id"), name(record, "file_name"), record.side("width"),
                                record.side("height")});
        if (list == "categories") add(made_.categories_, {id(made_.category_ids_, record, "id"), name(record, "name")});
        if (list != "annotations") return;
        const std::uint64_t image = id(made_.image_ids_, record, "image_id"),
                            category = id(made_.category_ids_, record, "category_id");
        if (record.number("area") < 0) record.refuse(Fault::value, "area", "a negative number", "an area in pixels");
        add(made_.objects_, {.image = image,
                             .category = category,
                             .box = record.box(),
                             .area = record.number("area"),
                             .crowd = record.flag("iscrowd")});
    }

  private:
    template <class Listed>
    void add(std::vector<Listed>& list, Listed&& one) {
        memory_.reserve(list, 1);
        list.push_back(std::move(one));
    }
    std::uint64_t id(CocoIds& ids, const CocoRecord& record, CocoField field) {
        constexpr std::size_t node_bytes = 96;  // of a map
        const std::size_t before = ids.texts();
        const std::uint64_t id = ids.read(record, field);
        if (ids.texts() > before) memory_.charge(node_bytes + record.text(field).size());
        return id;
    }
    const std::string& name(const CocoRecord& record, CocoField field) {
        const std::string& text = record.text(field);
        if (text.size() > std::string().capacity()) memory_.charge(text.size());
        return text;
    }

    CocoAnnotations& made_;
    io::MemoryBudget memory_;
};

TAXON_DECL CocoAnnotations CocoAnnotations::read(const std::filesystem::path& path, const Limits& limits) {
    return io::read_json_file(path, limits.json_bytes, [&](std::string_view text) {
        CocoAnnotations made;
        Reading reading(made, text, limits);
        for_each_coco_record(
            text, io::JsonRoot::object,
            [&](std::string_view list, const CocoRecord& record) { reading.see(list, record); }, limits);
        if (made.objects_.empty())
            throw Error(Fault::missing, {.place = "list \"annotations\"",
                                         .found = "nothing",
                                         .wanted = "at least one object",
                                         .remedy = "image_info files have none; use an instances file"});
        made.order();
        return made;
    });
}

/// From ids to indices, and to the order of ids.
TAXON_DECL void CocoAnnotations::order() {
    if (const auto ranks = image_ids_.order(); !ranks.empty()) {
        for (CocoImage& one : images_) one.id = ranks[one.id];
        for (CocoObject& one : objects_) one.image = ranks[one.image];
    }
    if (const auto ranks = category_ids_.order(); !ranks.empty()) {
        for (CocoCategory& one : categories_) one.id = ranks[one.id];
        for (CocoObject& one : objects_) one.category = ranks[one.category];
    }
    detail::sort_by_id(images_, "images");
    detail::sort_by_id(categories_, "categories");
    for (std::size_t i = 0; i < objects_.size(); ++i) {
        const auto refuse = [&](const char* field, std::uint64_t id, const char* list) {
            throw Error(Fault::mismatch, {.place = "annotations[" + std::to_string(i) + "], field \"" + field + "\"",
                                          .found = std::to_string(id),
                                          .wanted = std::string("an id of the list \"") + list + "\""});
        };
        CocoObject& one = objects_[i];
        const auto image_at = place(images_, one.image), category_at = place(categories_, one.category);
        if (!image_at) refuse("image_id", one.image, "images");
        if (!category_at) refuse("category_id", one.category, "categories");
        one.image = *image_at;
        one.category = *category_at;
    }
    sort_objects();
}

/// By image, in file order, and in place: std::stable_sort would take half of the objects' memory more.
TAXON_DECL void CocoAnnotations::sort_objects() {
    first_.assign(images_.size() + 1, 0);
    for (const CocoObject& one : objects_) ++first_[one.image + 1];
    for (std::size_t i = 0; i < images_.size(); ++i) first_[i + 1] += first_[i];
    std::vector<std::size_t> target;
    target.reserve(objects_.size());
    for (const CocoObject& one : objects_) target.push_back(first_[one.image]++);
    for (std::size_t i = images_.size(); i > 0; --i) first_[i] = first_[i - 1];
    first_[0] = 0;
    for (std::size_t i = 0; i < target.size(); ++i)
        while (target[i] != i) {
            const std::size_t to = target[i];
            std::swap(objects_[i], objects_[to]);
            std::swap(target[i], target[to]);
        }
}

}  // namespace taxon::eval
