#pragma once
#include <string_view>

namespace taxon::text {

/// Whether a vocabulary knows capitals. `uncased`: texts lose their accents and are made lower case before they are
/// looked up.
enum class LetterCase : unsigned char { uncased, cased };

constexpr std::string_view name_of(LetterCase letter_case) {
    return letter_case == LetterCase::cased ? "cased" : "uncased";
}

}  // namespace taxon::text
