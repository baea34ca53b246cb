#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <taxon/eval/coco_record.hpp>

namespace taxon::eval {

/// The ids of COCO's images or categories: whole numbers, or strings, which are numbered by rank.
class CocoIds {
  public:
    /// The number of a record's id. Strings are numbered as they come; `order` gives their final numbers. Throws as
    /// CocoRecord does, and Fault::type if strings and numbers are mixed.
    std::uint64_t read(const CocoRecord& record, CocoField field) {
        const bool is_text = record.is_text(field);
        const std::uint64_t id =
            is_text ? texts_.try_emplace(record.text(field), texts_.size()).first->second : record.whole(field);
        (is_text ? have_texts_ : have_numbers_) = true;
        if (have_texts_ && have_numbers_)
            record.refuse(Fault::type, field, is_text ? "a string" : "a number",
                          is_text ? "a number, like the ids before it" : "a string, like the ids before it");
        return id;
    }

    std::size_t texts() const { return texts_.size(); }  ///< so far

    /// Ranks the strings. Returns the rank of each, by its number so far; empty if the ids are numbers.
    std::vector<std::uint64_t> order() {
        std::vector<std::uint64_t> ranks(texts_.size());
        std::uint64_t rank = 0;
        for (auto& [text, number] : texts_) {
            ranks[number] = rank;
            number = rank++;
        }
        return ranks;
    }

    /// The number of an id in another file; nothing for an unknown string, or an id of the other kind.
    std::optional<std::uint64_t> find(const CocoRecord& record, CocoField field) const {
        if (!record.is_text(field)) {
            const std::uint64_t id = record.whole(field);
            return have_texts_ ? std::nullopt : std::optional(id);
        }
        const auto found = texts_.find(record.text(field));
        return found == texts_.end() ? std::nullopt : std::optional(found->second);
    }

  private:
    std::map<std::string, std::uint64_t, std::less<>> texts_;
    bool have_texts_ = false, have_numbers_ = false;
};

}  // namespace taxon::eval
