#pragma once
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <taxon/core/real.hpp>
#include <taxon/core/shape.hpp>
#include <taxon/layer/extent.hpp>
#include <taxon/layer/padding.hpp>
#include <taxon/onnx/writer/statement.hpp>

namespace taxon::onnx::writer {

/// A text between quotes. Other characters than printable ones of ASCII are octal escapes, which, unlike hexadecimal
/// ones, end after three digits; of two question marks one is escaped, lest they begin a trigraph.
inline std::string literal_of(std::string_view text) {
    std::string literal = "\"";
    char before = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\' || (c == '?' && before == '?')) (literal += '\\') += c;
        else if (byte >= 0x20 && byte < 0x7f) literal += c;
        else {
            char octal[5];
            std::snprintf(octal, sizeof octal, "\\%03o", byte);
            literal += octal;
        }
        before = c;
    }
    return literal + "\"";
}

/// The shortest text that is read as the same double.
inline std::string text_of(Real real) {
    const auto number = static_cast<double>(real);
    if (std::isnan(number)) return "std::numeric_limits<double>::quiet_NaN()";
    if (std::isinf(number)) return std::string(number < 0 ? "-" : "") + "std::numeric_limits<double>::infinity()";
    char text[32];
    const auto [end, error] = std::to_chars(text, text + sizeof text, number);
    std::string literal(text, end);
    // "-0" is a whole number, whose sign would be lost
    return literal == "-0" ? "-0.0" : literal;
}

inline const char* text_of(bool truth) { return truth ? "true" : "false"; }

/// A number, or Extent{height, width}.
inline Expression extent(Extent of, std::string_view role) {
    if (of.height == of.width) return number(of.height, role);
    Expression both("Extent{");
    return both.number(of.height, role) << ", " << number(of.width, role) << "}";
}

inline Expression padding(const taxon::Window& window) {
    const auto& [y, x] = window;
    const auto all = [](const std::vector<int>& sides) {
        std::vector<Expression> list;
        for (const int side : sides) list.push_back(number(side, "Padding"));
        return Expression("Padding{") << listed(list) << "}";
    };
    if (y.before != y.after || x.before != x.after) return all({y.before, x.before, y.after, x.after});
    if (y.before != x.before) return all({y.before, x.before});
    return number(y.before, "Padding");
}

/// A shape between braces, or what makes it.
inline Expression shape(const Shape& of) {
    const auto call = [](const char* function, int a, int b) {
        return Expression(function).number(a) << ", " << number(b) << ")";
    };
    if (of.sequence) return call("Shape::tokens(", of.channels, of.width);
    if (of.table) return call("Shape::rows(", of.channels, of.height);
    std::vector<Expression> sizes{number(of.channels, "Channels")};
    if (of.pixels() > 1 || of.width > 1)
        sizes.push_back(number(of.height, "Height")), sizes.push_back(number(of.width, "Width"));
    return Expression("{") << listed(sizes) << "}";
}

/// A list of numbers between braces.
template <class Numbers>
Expression braced(const Numbers& numbers, int count, std::string_view role = "Size") {
    std::vector<Expression> list;
    for (int i = 0; i < count; ++i) list.push_back(number(numbers[static_cast<std::size_t>(i)], role));
    return Expression("{") << listed(list) << "}";
}

}  // namespace taxon::onnx::writer
