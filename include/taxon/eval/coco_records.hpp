#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/eval/coco_record.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/json_reader.hpp>
#include <taxon/io/mapped_file.hpp>

namespace taxon::eval {

/// JSON handler that passes on every object of a list, which is either the whole text or a member of its outermost
/// object.
template <class See>
class CocoRecordParser {
  public:
    CocoRecordParser(io::JsonRoot root, See& see) : record_depth_(root == io::JsonRoot::list ? 2 : 3), see_(see) {}

    void start_object() {
        if (++depth_ != record_depth_ || !in_list_) return;
        record_.place_ = section_ + "[" + std::to_string(count_++) + "]";
        record_.fields_.clear();
        record_.box_.clear();
        seen_fields_.clear();
    }
    void end_object() {
        if (depth_-- == record_depth_ && in_list_) see_(std::string_view(section_), std::as_const(record_));
    }
    void start_array() {
        refuse_in_list("a list");
        if (++depth_ == record_depth_ + 1) in_field_list_ = true;
        if (depth_ != record_depth_ - 1) return;
        in_list_ = true;
        count_ = 0;
    }
    void end_array() {
        if (depth_ == record_depth_ + 1) in_field_list_ = false;
        if (depth_-- == record_depth_ - 1) in_list_ = false;
    }
    void key(std::string name) {
        if (depth_ == record_depth_) {
            const auto known = std::find(std::begin(CocoRecord::known), std::end(CocoRecord::known), name);
            field_ = known == std::end(CocoRecord::known) ? std::string_view() : *known;
            if (in_list_ && !field_.empty()) see_field();
        } else if (depth_ == 1) {
            for (const std::string_view list : lists_) {
                if (name != list) continue;
                if (std::find(seen_lists_.begin(), seen_lists_.end(), list) != seen_lists_.end())
                    throw Error(Fault::duplicate,
                                {.place = "JSON", .found = "two lists \"" + name + "\"", .wanted = "each list once"});
                seen_lists_.push_back(list);
            }
            section_ = std::move(name);
        }
    }
    void string(std::string value) {
        add({field_, CocoRecord::Kind::text, 0, field_.empty() ? std::string() : std::move(value)});
    }
    void integer(std::uint64_t value) { add({field_, CocoRecord::Kind::whole, value, {}}); }
    void other(std::string_view spelt) { add({field_, CocoRecord::Kind::other, 0, std::string(spelt)}); }

  private:
    /// Member lists may hold anything; a list that is the whole text must hold objects, or none of it would be seen.
    void refuse_in_list(const char* found) const {
        if (record_depth_ == 2 && depth_ == 1)
            throw Error(Fault::type, {.place = "[" + std::to_string(count_) + "]",
                                      .found = found,
                                      .wanted = "an object with image_id, category_id, bbox and score"});
    }

    void add(CocoRecord::Field&& field) {
        refuse_in_list("a single value");
        if (!in_list_ || field_.empty()) return;
        if (depth_ == record_depth_) record_.fields_.push_back(std::move(field));
        else if (depth_ == record_depth_ + 1 && in_field_list_ && field_ == "bbox")
            if (record_.box_.size() < 5) record_.box_.push_back(CocoRecord::as_number(field));
    }

    /// Refuses a field that the record has already.
    void see_field() {
        if (std::find(seen_fields_.begin(), seen_fields_.end(), field_) != seen_fields_.end())
            record_.refuse(Fault::duplicate, field_, "two of them", "each field once");
        seen_fields_.push_back(field_);
    }

    int depth_ = 0, record_depth_;
    bool in_list_ = false, in_field_list_ = false;
    std::size_t count_ = 0;
    static constexpr std::string_view lists_[] = {"images", "categories", "annotations"};
    std::vector<std::string_view> seen_lists_, seen_fields_;
    std::string section_;
    std::string_view field_;  ///< of CocoRecord::known; empty for any other
    CocoRecord record_;
    See& see_;
};

/// Passes the objects of a COCO JSON file one by one to see(name of the list, const CocoRecord&). `root` says whether
/// the file is a list (then without name) or an object of lists. Throws Fault::io and as JsonReader and `see` do,
/// naming the file.
template <class See>
void for_each_coco_record(const std::filesystem::path& path, io::JsonRoot root, See&& see, const Limits& limits = {}) {
    try {
        const io::MappedFile file(path);
        CocoRecordParser parser(root, see);
        io::JsonReader<decltype(parser)>::read(io::as_text(file.bytes()), limits.json_depth, "JSON", parser, root);
    } catch (const Error& error) { throw error.in_file(path.string()); }
}

}  // namespace taxon::eval
