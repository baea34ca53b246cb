#pragma once
#include <string>
#include <string_view>

namespace taxon::onnx::writer {

inline constexpr std::size_t line_width = 120;

/// Code at an indentation and a comment behind it, or before it if the line has no room. Lines that are too long are
/// broken after commas outside of quotes.
inline std::string line_of(std::size_t indent, std::string_view code, std::string_view comment = {}) {
    std::string text, line(indent, ' ');
    if (!comment.empty() && indent + code.size() + 5 + comment.size() > line_width)
        text = line + "// " + std::string(comment) + "\n";
    for (std::size_t begin = 0; line.size() + code.size() > line_width; code.remove_prefix(begin)) {
        // the outermost place where the line may end, and the last of those
        int depth = 0, least = 0;
        bool in_quotes = false;
        begin = 0;
        for (std::size_t i = 0; line.size() + i <= line_width; ++i) {
            const char c = code[i];
            if (c == '"' && !(i > 0 && code[i - 1] == '\\' && !(i > 1 && code[i - 2] == '\\'))) in_quotes = !in_quotes;
            if (in_quotes) continue;
            // a template's brackets have no spaces before them, comparisons have
            const bool is_angle = (c == '<' || c == '>') && i > 0 && code[i - 1] != ' ';
            depth +=
                (c == '(' || c == '{' || (c == '<' && is_angle)) - (c == ')' || c == '}' || (c == '>' && is_angle));
            if (c == ' ' && i > line_width / 4 && code[i - 1] == ',' && (begin == 0 || depth <= least))
                begin = i + 1, least = depth;
        }
        if (begin == 0) break;  // a long name
        text += line + std::string(code.substr(0, begin - 1)) + "\n";
        line = std::string(indent + 4, ' ');
    }
    line += code;
    if (!comment.empty() && text.empty()) line += "  // " + std::string(comment);
    return text + line + "\n";
}

}  // namespace taxon::onnx::writer
