#pragma once
#include <string_view>

namespace taxon::text {

/// Letter case of a vocabulary. `uncased`: texts are stripped of accents and lower-cased before lookup.
enum class LetterCase : unsigned char { uncased, cased };

constexpr std::string_view name_of(LetterCase letter_case) {
    return letter_case == LetterCase::cased ? "cased" : "uncased";
}

}  // namespace taxon::text
