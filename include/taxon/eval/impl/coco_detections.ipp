#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <taxon/core/occurrences.hpp>
#include <taxon/eval/coco_records.hpp>
#include <taxon/io/json_file.hpp>
#include <taxon/io/memory_budget.hpp>
#include <vector>

namespace taxon::eval {

TAXON_DECL CocoDetections read_coco_detections(const std::filesystem::path& path, const CocoAnnotations& annotations,
                                               const Limits& limits) {
    struct Placed {
        std::size_t image;
        CocoDetection detection;
    };
    std::vector<Placed> placed;  // by image only once all are read: many short lists grow to twice what they hold
    std::size_t left_out = 0;
    io::read_json_file(path, limits.json_bytes, [&](std::string_view text) {
        io::MemoryBudget memory(limits, text.size(), "JSON");
        memory.reserve(placed, occurrences(text, "\"score\""));
        const auto see = [&](std::string_view, const CocoRecord& record) {
            const auto image = annotations.image(record, "image_id"),
                       category = annotations.category(record, "category_id");
            if (!image)
                record.refuse(Fault::mismatch, "image_id", record.spelt("image_id"), "an image of the annotations",
                              "name the annotations that belong to these detections");
            const CocoDetection one{category.value_or(0), record.box(), record.number("score")};
            memory.reserve(placed, 1);
            if (category) placed.push_back({*image, one});
            else ++left_out;
        };
        for_each_coco_record(text, io::JsonRoot::list, see, limits);
    });
    if (placed.empty() && left_out > 0)
        throw Error(Fault::mismatch,
                    {.file = path.string(),
                     .place = "field \"category_id\"",
                     .found = "no category of the annotations in " + std::to_string(left_out) + " detections",
                     .wanted = "the categories' ids, not the network's class numbers"});
    CocoDetections all{.of_images = std::vector<std::vector<CocoDetection>>(annotations.images().size()),
                       .left_out = left_out};
    for (const Placed& one : placed) all.of_images[one.image].push_back(one.detection);
    return all;
}

}  // namespace taxon::eval
