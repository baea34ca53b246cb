#pragma once
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace taxon::eval {

/// A field of COCO's JSON that its metrics use. A name in a program is looked up when that compiles, and has to be one
/// of them.
class CocoField {
  public:
    static constexpr std::string_view names[] = {"id",   "file_name", "width",   "height", "name",       "image_id",
                                                 "bbox", "area",      "iscrowd", "score",  "category_id"};

    consteval CocoField(const char* name) : number_(find(name).value().number_) {}

    /// Nothing for any other name.
    static constexpr std::optional<CocoField> find(std::string_view name) {
        for (std::size_t number = 0; number < std::size(names); ++number)
            if (names[number].size() == name.size() && names[number] == name) return CocoField(number);
        return std::nullopt;
    }

    constexpr std::size_t number() const { return number_; }  ///< in `names`
    constexpr std::string_view name() const { return names[number_]; }
    friend constexpr bool operator==(CocoField, CocoField) = default;

  private:
    constexpr explicit CocoField(std::size_t number) : number_(number) {}

    std::size_t number_;
};

}  // namespace taxon::eval
