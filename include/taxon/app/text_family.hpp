#pragma once
#include <span>
#include <string_view>
#include <taxon/text/case.hpp>

namespace taxon::app {

/// A network over texts as a program's command line names it, and whether its vocabulary is cased where no file says so.
struct TextVariant {
    std::string_view name;
    text::Case letters;
};

/// A program of networks over texts. The first variant is the default.
struct TextFamily {
    std::string_view name;
    std::span<const TextVariant> variants;
};

}  // namespace taxon::app
