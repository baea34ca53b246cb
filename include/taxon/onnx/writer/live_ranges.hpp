#pragma once
#include <cstddef>
#include <taxon/onnx/writer/function.hpp>
#include <unordered_map>

namespace taxon::onnx::writer {

/// From where to where each value of a function lives, in numbers of statements.
class LiveRanges {
  public:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    struct Range {
        std::size_t made = none;  ///< by this statement; none: a parameter
        std::size_t result = 0;   ///< which of its results
        std::size_t first_read = none, last_read = 0;
        std::size_t reads = 0;
    };

    /// What the function returns is read by the statement after its last.
    explicit LiveRanges(const Function& function) {
        const std::size_t count = function.statements.size();
        for (std::size_t i = 0; i < count; ++i) {
            const Statement& statement = function.statements[i];
            for (const Piece& piece : statement.expression.pieces)
                if (piece.kind == Piece::Kind::value) read(piece.number, i);
            for (std::size_t k = 0; k < statement.results.size(); ++k) {
                Range& range = ranges_[statement.results[k]];
                range.made = i, range.result = k;
            }
        }
        for (const int value : function.results) read(value, count);
    }

    Range of(int value) const {
        const auto at = ranges_.find(value);
        return at == ranges_.end() ? Range{} : at->second;
    }
    bool is_read(int value) const { return of(value).reads > 0; }
    /// True if no statement after this one reads the value.
    bool is_last_read(int value, std::size_t statement) const { return of(value).last_read <= statement; }
    /// True if a statement of the run makes the value.
    bool is_made_in(int value, std::size_t start, std::size_t length) const {
        const std::size_t made = of(value).made;
        return made != none && made >= start && made - start < length;
    }
    /// True if a statement outside of the run that makes the value reads it.
    bool leaves(int value, std::size_t start, std::size_t length) const {
        const Range range = of(value);
        return range.reads > 0 && (range.first_read < start || range.last_read - start >= length);
    }

  private:
    void read(int value, std::size_t by) {
        Range& range = ranges_[value];
        if (range.reads++ == 0) range.first_read = by;
        range.last_read = by;
    }

    std::unordered_map<int, Range> ranges_{};
};

}  // namespace taxon::onnx::writer
