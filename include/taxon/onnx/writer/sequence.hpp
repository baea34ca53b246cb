#pragma once
#include <cstdint>
#include <string>
#include <taxon/onnx/writer/live_ranges.hpp>
#include <unordered_map>
#include <vector>

namespace taxon::onnx::writer {

/// A function's statements as a text of symbols, in which repeated words are looked for. Two runs of statements are
/// alike if their expressions differ in names, numbers and values from outside of the run alone.
class Sequence {
  public:
    /// With `exact`, numbers must not differ either.
    Sequence(const Function& function, const LiveRanges& ranges, bool exact) {
        std::unordered_map<std::string, std::uint64_t> symbols;
        const auto& all = function.statements;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const Statement& statement = all[i];
            std::string text(1, static_cast<char>('0' + statement.results.size()));
            reads_.emplace_back();
            for (const Piece& piece : statement.expression.pieces) {
                text += static_cast<char>(piece.kind);
                if (piece.kind == Piece::Kind::text) text += piece.text;
                if (piece.kind == Piece::Kind::number) text += exact ? std::to_string(piece.number) : "";
                if (piece.kind != Piece::Kind::value) continue;
                const LiveRanges::Range range = ranges.of(piece.number);
                reads_.back().push_back({range.made + 1, range.result});  // none + 1 is 0
            }
            // inputs and outputs are there once
            if (statement.results.empty() || statement.keeps_its_variable) text += '#' + std::to_string(i);
            symbols_.push_back(symbols.emplace(text, symbols.size() + 1).first->second);
        }
    }

    std::size_t size() const { return symbols_.size(); }

    /// True if a run is one statement several times.
    bool is_one_symbol(std::size_t begin, std::size_t length) const {
        for (std::size_t i = 1; i < length; ++i)
            if (symbols_[begin + i] != symbols_[begin]) return false;
        return true;
    }

    /// A hash of statement `last` in the run from `begin`: runs are alike if those of all their statements are equal.
    std::uint64_t hash(std::size_t begin, std::size_t last) const {
        std::uint64_t hash = mixed(0, symbols_[last]);
        for (const Read& read : reads_[last])
            hash = mixed(hash, read.statement > begin ? (read.statement - begin) * 8 + read.result : 0);
        return hash;
    }

  private:
    struct Read {
        std::size_t statement = 0;  ///< one more than the number of the one that makes the value; 0: a parameter
        std::uint64_t result = 0;
    };

    static std::uint64_t mixed(std::uint64_t hash, std::uint64_t more) {
        hash = (hash ^ more) * 0x9E3779B97F4A7C15u;
        return hash ^ hash >> 29;
    }

    std::vector<std::uint64_t> symbols_{};
    std::vector<std::vector<Read>> reads_{};
};

}  // namespace taxon::onnx::writer
