#pragma once
#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <taxon/onnx/writer/literal.hpp>
#include <taxon/onnx/writer/statement.hpp>
#include <vector>

namespace taxon::onnx::writer {

/// A text with a number in it.
struct NumberedText {
    std::string_view stem, rest;
    int number;

    /// The one number that differs between two texts, as it is in the first; nothing if more differs.
    static std::optional<NumberedText> difference(std::string_view a, std::string_view b) {
        const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
        std::size_t begin = 0;
        while (begin < a.size() && begin < b.size() && a[begin] == b[begin]) ++begin;
        while (begin > 0 && is_digit(a[begin - 1])) --begin;
        const auto digits = [&](std::string_view text) {
            std::size_t end = begin;
            while (end < text.size() && is_digit(text[end])) ++end;
            return text.substr(begin, end - begin);
        };
        const std::string_view own = digits(a), other = digits(b);
        const auto fits = [](std::string_view text) {
            return !text.empty() && text.size() < 8 && (text.size() == 1 || text[0] != '0');
        };
        const std::string_view rest = a.substr(std::min(a.size(), begin + own.size()));
        if (!fits(own) || !fits(other) || rest != b.substr(begin + other.size())) return {};
        NumberedText numbered{a.substr(0, begin), rest, 0};
        std::from_chars(own.data(), own.data() + own.size(), numbered.number);
        return numbered;
    }
    std::string with(int other) const { return std::string(stem) + std::to_string(other) + std::string(rest); }
    /// The name {"stem", number, "rest"}.
    std::string name(const std::string& expression) const {
        return "{" + literal_of(stem) + ", " + expression + (rest.empty() ? "}" : ", " + literal_of(rest) + "}");
    }
};

/// Statements, from one on, that are one but for a number in their names which counts up, and of which each reads the
/// result of the one before.
class Repetition {
  public:
    std::size_t count = 1;
    int first_number = 0;
    int chained = 0;  ///< the value that the first one reads in place of a result

    Repetition(const std::vector<Statement>& all, std::size_t first) {
        if (all[first].results.size() != 1 || first + 1 >= all.size()) return;
        const std::vector<Piece>& start = all[first].expression.pieces;
        while (first + count < all.size() && follows(start, all[first + count], all[first + count - 1].results))
            ++count;
        if (count > 1 && (!is_chained_ || !numbered_)) count = 1;
    }

    /// The name of piece i in a loop over `i`.
    std::string name(std::size_t piece, const std::string& text) const {
        return piece == piece_ ? numbered_->name("i") : literal_of(text);
    }

  private:
    bool follows(const std::vector<Piece>& start, const Statement& next, const std::vector<int>& before) {
        const std::vector<Piece>& pieces = next.expression.pieces;
        if (next.results.size() != 1 || pieces.size() != start.size()) return false;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            if (pieces[i] == start[i]) continue;
            if (pieces[i].kind != start[i].kind) return false;
            if (pieces[i].kind == Piece::Kind::value) {
                if (pieces[i].number != before[0] || (is_chained_ && chained != start[i].number)) return false;
                is_chained_ = true, chained = start[i].number;
            } else if (pieces[i].kind == Piece::Kind::name) {
                if (!numbered_) {
                    numbered_ = NumberedText::difference(start[i].text, pieces[i].text);
                    if (!numbered_) return false;
                    piece_ = i, first_number = numbered_->number;
                }
                if (i != piece_ || pieces[i].text != numbered_->with(first_number + static_cast<int>(count)))
                    return false;
            } else return false;
        }
        // a value that all of them read must not be the chained one
        for (std::size_t i = 0; i < pieces.size(); ++i)
            if (is_chained_ && pieces[i].kind == Piece::Kind::value && pieces[i] == start[i] &&
                pieces[i].number == chained)
                return false;
        return is_chained_;
    }

    std::optional<NumberedText> numbered_{};
    std::size_t piece_ = 0;
    bool is_chained_ = false;
};

}  // namespace taxon::onnx::writer
