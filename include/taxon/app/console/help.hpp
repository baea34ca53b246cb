#pragma once
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Formats --help: an option and its value in the left column; its meaning, default and environment variable in the
/// right one.
class HelpFormatter : public CLI::Formatter {
  public:
    HelpFormatter() { column_width(left); }

    /// Of "--exif" and "--no-exif{false}" the names.
    std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
        std::string name = CLI::Formatter::make_option_name(option, is_positional);
        constexpr std::string_view off = "{false}";
        if (const auto at = name.find(off); at != name.npos) name.erase(at, off.size());
        return name;
    }

    std::string make_option_opts(const CLI::Option* option) const override {
        if (option->get_type_size() == 0) return "";
        // "N:INT in [1 - 256]": what follows the colon is in the description
        const auto type = option->get_type_name();
        return " " + type.substr(0, type.find(':')) + (option->get_expected_max() > 1 ? " ..." : "");
    }

    std::string make_option_desc(const CLI::Option* option) const override {
        std::string text = option->get_description();
        if (option->get_required()) text += " (required)";
        if (const auto standard = option->get_default_str(); !standard.empty()) text += " (default: " + standard + ")";
        if (const auto variable = option->get_envname(); !variable.empty()) text += " (environment: " + variable + ")";
        return wrapped(text);
    }

  private:
    static constexpr std::size_t left = 34, right = 86;

    /// Lines of at most `right` characters; CLI11 stacks them.
    static std::string wrapped(std::string_view text) {
        std::string lines;
        while (text.size() > right) {
            auto end = text.rfind(' ', right);
            if (end == std::string_view::npos) end = right;
            lines.append(text.substr(0, end)).append("\n");
            text.remove_prefix(end + (text[end] == ' ' ? 1 : 0));
        }
        return lines.append(text);
    }
};

}  // namespace taxon::app
