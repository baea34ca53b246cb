#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include <utf8proc.h>

namespace taxon::text {

/// Lower-cases a text and strips its accents: canonical decomposition (NFD), non-spacing marks removed, simple
/// lower-casing of each character. So "É" becomes "e", and a sharp s stays one; no character's lower case depends on
/// its neighbours (there is no final sigma). An object holds the scratch memory of one call at a time.
class PlainForm {
  public:
    /// Changes the text in place.
    void apply(std::u32string& text) {
        decomposed_.clear();
        bool marked = false;
        for (const char32_t code : text) {
            if (code < 0x80) {
                decomposed_.push_back(code);
                continue;
            }
            std::array<utf8proc_int32_t, 8> parts{};  // a canonical decomposition has at most four
            int boundary = 0;
            const auto count =
                utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code), parts.data(),
                                        static_cast<utf8proc_ssize_t>(parts.size()), UTF8PROC_DECOMPOSE, &boundary);
            if (count < 1 || count > static_cast<utf8proc_ssize_t>(parts.size())) decomposed_.push_back(code);
            else decomposed_.append(parts.begin(), parts.begin() + count);
            marked = marked || mark_class(decomposed_.back()) != 0;
        }
        if (marked) order_marks();
        text.clear();
        for (const char32_t code : decomposed_) {
            if (code < 0x80) text.push_back(code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code);
            else if (utf8proc_category(number_of(code)) != UTF8PROC_CATEGORY_MN)
                text.push_back(static_cast<char32_t>(utf8proc_tolower(number_of(code))));
        }
    }

  private:
    static utf8proc_int32_t number_of(char32_t code) { return static_cast<utf8proc_int32_t>(code); }
    static int mark_class(char32_t code) { return utf8proc_get_property(number_of(code))->combining_class; }

    /// Combining marks that follow a letter, ordered by class. Spacing marks have classes too, so the order matters
    /// even where the others are removed.
    void order_marks() {
        for (auto first = decomposed_.begin(); first != decomposed_.end();) {
            const auto end =
                std::find_if(first, decomposed_.end(), [](char32_t code) { return mark_class(code) == 0; });
            std::stable_sort(first, end, [](char32_t a, char32_t b) { return mark_class(a) < mark_class(b); });
            first = end == decomposed_.end() ? end : end + 1;
        }
    }

    std::u32string decomposed_;
};

}  // namespace taxon::text
