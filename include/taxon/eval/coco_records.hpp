#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/eval/coco_record.hpp>
#include <taxon/io/json_reader.hpp>

namespace taxon::eval {

/// JSON handler that passes on every object of a list, which is either the whole text or a member of its outermost
/// object.
template <class See>
class CocoRecordParser {
  public:
    CocoRecordParser(io::JsonRoot root, See& see, const Limits& limits)
        : record_depth_(root == io::JsonRoot::list ? 2 : 3), see_(see), limits_(limits) {}

    void start_object() {
        if (++depth_ != record_depth_ || !in_list_) return;
        record_.list_ = section_;
        record_.index_ = count_++;
        for (CocoRecord::Field& field : record_.fields_) field.kind = CocoRecord::Kind::none;
        record_.box_.clear();
        seen_fields_ = {};
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
    void key(std::string_view name) {
        if (depth_ == record_depth_) {
            field_ = CocoField::find(name);
            if (in_list_ && field_ && std::exchange(seen_fields_[field_->number()], true))
                record_.refuse(Fault::duplicate, *field_, "two of them", "each field once");
        } else if (depth_ == 1) {
            for (const std::string_view list : lists_) {
                if (name != list) continue;
                if (std::find(seen_lists_.begin(), seen_lists_.end(), list) != seen_lists_.end())
                    throw Error(Fault::duplicate, {.place = "JSON",
                                                   .found = "two lists \"" + std::string(name) + "\"",
                                                   .wanted = "each list once"});
                seen_lists_.push_back(list);
            }
            section_ = name;
        }
    }
    void string(std::string_view value) { add(CocoRecord::Kind::text, 0, value); }
    void integer(std::uint64_t value) { add(CocoRecord::Kind::whole, value, {}); }
    void other(std::string_view spelt) { add(CocoRecord::Kind::other, 0, spelt); }

  private:
    /// Member lists may hold anything; a list that is the whole text must hold objects, or none of it would be seen.
    void refuse_in_list(const char* found) const {
        if (record_depth_ == 2 && depth_ == 1)
            throw Error(Fault::type, {.place = "[" + std::to_string(count_) + "]",
                                      .found = found,
                                      .wanted = "an object with image_id, category_id, bbox and score"});
    }

    void add(CocoRecord::Kind kind, std::uint64_t whole, std::string_view text) {
        refuse_in_list("a single value");
        if (!in_list_ || !field_) return;
        if (depth_ == record_depth_) {
            if (text.size() > limits_.line_bytes)
                record_.refuse(Fault::limit, *field_, std::to_string(text.size()) + " bytes",
                               "at most " + std::to_string(limits_.line_bytes));
            CocoRecord::Field& field = record_.fields_[field_->number()];
            field.kind = kind, field.whole = whole, field.text = text;
        } else if (depth_ == record_depth_ + 1 && in_field_list_ && *field_ == CocoField("bbox")) {
            if (record_.box_.size() < 5) record_.box_.push_back(CocoRecord::as_number(kind, whole, text));
        }
    }

    int depth_ = 0, record_depth_;
    bool in_list_ = false, in_field_list_ = false;
    std::size_t count_ = 0;
    static constexpr std::string_view lists_[] = {"images", "categories", "annotations"};
    std::vector<std::string_view> seen_lists_;
    std::string section_;
    std::optional<CocoField> field_;  ///< nothing: a name that is ignored
    std::array<bool, std::size(CocoField::names)> seen_fields_{};
    CocoRecord record_;
    See& see_;
    const Limits& limits_;
};

/// Passes the objects of a COCO JSON text one by one to see(name of the list, const CocoRecord&). `root` says whether
/// the text is a list (then without name) or an object of lists. Throws as JsonReader and `see` do, and Fault::limit
/// for a field of more than limits.line_bytes.
template <class See>
void for_each_coco_record(std::string_view text, io::JsonRoot root, See&& see, const Limits& limits = {}) {
    CocoRecordParser parser(root, see, limits);
    io::JsonReader<decltype(parser)>::read(text, limits.json_depth, "JSON", parser, root);
}

}  // namespace taxon::eval
