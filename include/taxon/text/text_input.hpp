#pragma once
#include <optional>
#include <string>

namespace taxon::text {

/// A text, or a pair of texts.
struct TextInput {
    std::string text;
    std::optional<std::string> pair{};
};

}  // namespace taxon::text
