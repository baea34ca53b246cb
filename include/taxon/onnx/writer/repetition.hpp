#pragma once
#include <cctype>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <taxon/onnx/writer/literal.hpp>
#include <taxon/onnx/writer/live_ranges.hpp>
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

/// Statements, from one on, of which each reads the result of the one before, and that are one but for numbers that
/// grow by as much from each to the next: one within a name, and those that count names. Nothing else reads the results
/// but the last one's.
class Repetition {
  public:
    std::size_t count = 1;
    int chained = 0;  ///< the value that the first one reads in place of a result

    Repetition(const std::vector<Statement>& all, const LiveRanges& ranges, std::size_t first) {
        if (all[first].results.size() != 1 || first + 1 >= all.size()) return;
        start_ = &all[first].expression.pieces;
        // no one else reads what is between
        for (std::size_t next = first + 1; next < all.size(); ++next, ++count) {
            const std::vector<int>& before = all[next - 1].results;
            if (!ranges.is_last_read(before[0], next) || !follows(all[next], before)) break;
        }
    }

    /// Where `i` begins in a loop: at the number in the first name, if there is one.
    int first_number() const { return numbered_ ? numbered_->number : 0; }

    /// A piece in the loop.
    std::string name(std::size_t piece) const {
        return numbered_ && piece == piece_ ? numbered_->name("i") : literal_of((*start_)[piece].text);
    }
    std::string number(std::size_t piece) const {
        const auto at = steps_.find(piece);
        const int first = (*start_)[piece].number;
        if (at == steps_.end()) return std::to_string(first);
        const int begin = first - at->second * first_number();
        const std::string grown = at->second == 1 ? "i" : std::to_string(at->second) + " * i";
        return begin == 0  ? grown
               : begin < 0 ? grown + " - " + std::to_string(-begin)
                           : std::to_string(begin) + " + " + grown;
    }

  private:
    /// True if the statement is the next one; `before` is the result of the last.
    bool follows(const Statement& next, const std::vector<int>& before) {
        const std::vector<Piece>& pieces = next.expression.pieces;
        if (next.results.size() != 1 || pieces.size() != start_->size()) return false;
        const auto turn = static_cast<int>(count);
        std::optional<int> reads;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            const Piece &one = pieces[i], &first = (*start_)[i];
            if (one.kind != first.kind) return false;
            if (one.kind == Piece::Kind::value) {
                // what all of them read must not be the chained value
                const bool is_chain = one.number == before[0];
                if (!is_chain && one != first) return false;
                if (is_chain && reads && *reads != first.number) return false;
                if (is_chain) reads = first.number;
            } else if (one.kind == Piece::Kind::number && first.text == counts_names) {
                const int step = turn == 1 ? one.number - first.number : steps_.contains(i) ? steps_.at(i) : 0;
                if (one.number != first.number + step * turn) return false;
                if (step != 0) steps_[i] = step;
            } else if (one.kind == Piece::Kind::name && one.text != first.text) {
                if (!numbered_ && turn == 1) {
                    numbered_ = NumberedText::difference(first.text, one.text);
                    piece_ = i;
                }
                if (!numbered_ || i != piece_ || one.text != numbered_->with(numbered_->number + turn)) return false;
            } else if (one.kind == Piece::Kind::name && numbered_ && i == piece_) return false;
            else if (one != first) return false;
        }
        for (std::size_t i = 0; i < pieces.size(); ++i)
            if (reads && pieces[i].kind == Piece::Kind::value && pieces[i].number == *reads) return false;
        if (!reads || (turn > 1 && chained != *reads)) return false;
        chained = *reads;
        return numbered_ || !steps_.empty();
    }

    const std::vector<Piece>* start_ = nullptr;
    std::optional<NumberedText> numbered_{};
    std::size_t piece_ = 0;
    std::map<std::size_t, int> steps_{};  ///< of numbers that count names
};

}  // namespace taxon::onnx::writer
