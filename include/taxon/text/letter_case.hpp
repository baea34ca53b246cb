#pragma once
#include <string_view>

namespace taxon::text {

/// Whether a vocabulary knows capitals. `uncased`: texts lose their accents and are made lower case before they are looked up.
enum class Case : unsigned char { uncased, cased };

constexpr std::string_view name_of(Case letters) { return letters == Case::cased ? "cased" : "uncased"; }

}  // namespace taxon::text
