#pragma once
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/eval/coco_field.hpp>

namespace taxon::eval {

/// A rectangle in COCO's format, in pixels from the picture's top left corner.
struct CocoBox {
    double left = 0, top = 0, width = 0, height = 0;
    double area() const { return width * height; }
    friend bool operator==(const CocoBox&, const CocoBox&) = default;
};

/// One object of a list in COCO's JSON: the strings, numbers and bbox that COCO's metrics use. Other fields, polygons
/// and other nested values are ignored.
/// Requesting a field that is absent or has another type throws Fault::missing or ::type with the place,
/// "annotations[12], field \"area\"".
class CocoRecord {
  public:
    bool has(CocoField field) const { return find(field).kind != Kind::none; }
    bool is_text(CocoField field) const { return find(field).kind == Kind::text; }

    const std::string& text(CocoField field) const {
        const Field& one = at(field);
        if (one.kind != Kind::text) refuse(Fault::type, field, described(one), "a string");
        return one.text;
    }

    /// A field as it stands in the file, shortened.
    std::string spelt(CocoField field) const { return described(at(field)); }

    /// A whole number, which may be written as 9.0.
    std::uint64_t whole(CocoField field) const {
        constexpr double exact = 9007199254740992;  // doubles hold whole numbers up to 2^53
        const Field& one = at(field);
        if (one.kind == Kind::whole) return one.whole;
        const double number = as_number(one);
        if (!(number >= 0 && number <= exact && number == std::floor(number)))
            refuse(Fault::type, field, described(one), "a whole number of at least 0");
        return static_cast<std::uint64_t>(number);
    }

    double number(CocoField field) const {
        const Field& one = at(field);
        const double found = as_number(one);
        if (std::isnan(found)) refuse(Fault::type, field, described(one), "a number");
        return found;
    }

    /// A picture's width or height, which scoring does not need: 0 if it is absent or not a number of pixels.
    int side(CocoField field) const {
        const double pixels = has(field) ? as_number(find(field)) : 0;
        return pixels >= 1 && pixels <= 1e9 ? static_cast<int>(pixels) : 0;
    }

    /// 1 and true are true; 0, false and an absent field are false.
    bool flag(CocoField field) const {
        if (!has(field)) return false;
        const Field& one = at(field);
        if (one.kind == Kind::whole && one.whole < 2) return one.whole == 1;
        if (one.kind == Kind::other && (one.text == "true" || one.text == "false")) return one.text == "true";
        refuse(Fault::type, field, described(one), "0 or 1");
    }

    /// Throws Fault::value also for a negative width or height.
    CocoBox box() const {
        if (box_.size() != 4)
            refuse(box_.empty() ? Fault::missing : Fault::type, "bbox",
                   box_.empty() ? "no list" : std::to_string(box_.size()) + " things",
                   "4 numbers: x, y, width, height");
        for (const double number : box_)
            if (std::isnan(number))
                refuse(Fault::type, "bbox", "something that is not a number", "4 numbers: x, y, width, height");
        if (box_[2] < 0 || box_[3] < 0) refuse(Fault::value, "bbox", "a negative size", "x, y, width, height");
        return {box_[0], box_[1], box_[2], box_[3]};
    }

    [[noreturn]] void refuse(Fault fault, CocoField field, std::string_view found, std::string_view wanted,
                             std::string_view remedy = {}) const {
        const std::string place = std::string(list_) + "[" + std::to_string(index_) + "]";
        throw Error(fault, {.place = place + ", field \"" + std::string(field.name()) + "\"",
                            .found = found,
                            .wanted = wanted,
                            .remedy = remedy});
    }

  private:
    template <class>
    friend class CocoRecordParser;

    enum class Kind : std::uint8_t { none, text, whole, other };
    struct Field {
        Kind kind = Kind::none;
        std::uint64_t whole = 0;
        std::string text{};  // a string's value, or any other scalar as written
    };

    const Field& find(CocoField field) const { return fields_[field.number()]; }
    const Field& at(CocoField field) const {
        const Field& found = find(field);
        if (found.kind == Kind::none) refuse(Fault::missing, field, "nothing", "one in every such object");
        return found;
    }

    /// NaN for anything but a number.
    static double as_number(Kind kind, std::uint64_t whole, std::string_view text) {
        if (kind == Kind::whole) return static_cast<double>(whole);
        double number = 0;
        const char* const end = text.data() + text.size();
        const bool fits = kind == Kind::other &&
                          std::from_chars(text.data(), end, number) == std::from_chars_result{end, std::errc()};
        return fits ? number : std::nan("");
    }
    static double as_number(const Field& one) { return as_number(one.kind, one.whole, one.text); }

    static std::string described(const Field& one) {
        if (one.kind == Kind::whole) return std::to_string(one.whole);
        return one.kind == Kind::other ? one.text : "\"" + one.text.substr(0, 64) + "\"";
    }

    std::string_view list_;
    std::size_t index_ = 0;
    std::array<Field, std::size(CocoField::names)> fields_{};
    std::vector<double> box_;
};

}  // namespace taxon::eval
