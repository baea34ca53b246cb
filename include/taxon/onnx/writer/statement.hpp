#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace taxon::onnx::writer {

/// A part of an expression: text as it is, or what differs where the same text stands elsewhere.
struct Piece {
    enum class Kind : unsigned char { text, name, value, number };

    Kind kind = Kind::text;
    std::string text{};  ///< the text; a name, unquoted; what a number is: In, Stride, …
    int number = 0;      ///< a number, or a value's

    bool operator==(const Piece&) const = default;
};

/// What a number is that names have in them.
inline constexpr std::string_view counts_names = "First";

/// An expression of C++ in pieces, built from left to right.
class Expression {
  public:
    std::vector<Piece> pieces{};

    Expression() = default;
    Expression(std::string_view text) { *this << text; }
    Expression(const char* text) { *this << std::string_view(text); }
    Expression(const std::string& text) { *this << std::string_view(text); }

    Expression& operator<<(std::string_view text) {
        if (pieces.empty() || pieces.back().kind != Piece::Kind::text) pieces.push_back({});
        pieces.back().text += text;
        return *this;
    }
    Expression& operator<<(const char* text) { return *this << std::string_view(text); }
    Expression& operator<<(const std::string& text) { return *this << std::string_view(text); }
    Expression& operator<<(const Expression& other) {
        for (const Piece& piece : other.pieces)
            if (piece.kind == Piece::Kind::text) *this << std::string_view(piece.text);
            else pieces.push_back(piece);
        return *this;
    }
    Expression& name(std::string path) {
        pieces.push_back({Piece::Kind::name, std::move(path)});
        return *this;
    }
    Expression& value(int value) {
        pieces.push_back({Piece::Kind::value, {}, value});
        return *this;
    }
    /// `role` names the parameter that takes its place where it differs from call to call.
    Expression& number(int number, std::string_view role = "Size") {
        pieces.push_back({Piece::Kind::number, std::string(role), number});
        return *this;
    }
};

inline Expression number(int number, std::string_view role = "Size") {
    Expression one;
    return std::move(one.number(number, role));
}

/// Expressions with commas between.
inline Expression listed(const std::vector<Expression>& all) {
    Expression list;
    for (std::size_t i = 0; i < all.size(); ++i) (i > 0 ? list << ", " : list) << all[i];
    return list;
}

/// `kind<arguments>`, without the last arguments that are their defaults: pairs of an argument and whether it is that.
inline Expression of_template(std::string_view kind, std::vector<std::pair<Expression, bool>> arguments) {
    while (!arguments.empty() && arguments.back().second) arguments.pop_back();
    std::vector<Expression> given;
    for (auto& [argument, is_default] : arguments) given.push_back(std::move(argument));
    return Expression(kind) << "<" << listed(given) << ">";
}

/// Values that an expression makes of others.
struct Statement {
    Expression expression{};
    std::vector<int> results{};
    std::string hint{};     ///< the layer's path, after which a variable is called
    std::string comment{};  ///< its shape in the file
    /// operands are evaluated from left to right, so several of them may be calls
    bool in_order = false;
    bool keeps_its_variable = false;  ///< an input
    bool is_constant = false;         ///< a tensor of the state dict, which may stand where it is read
};

}  // namespace taxon::onnx::writer
