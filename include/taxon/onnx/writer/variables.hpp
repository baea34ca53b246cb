#pragma once
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <taxon/onnx/writer/function.hpp>
#include <taxon/onnx/writer/identifier.hpp>
#include <vector>

namespace taxon::onnx::writer {

/// The local variables of a function. A value takes the variable of an operand that is read for the last time, so that
/// a chain of layers is one x; others are called after their layers, or by a letter.
class Variables {
  public:
    /// `taken`: names that mean something else in the function.
    Variables(const Function& function, std::set<std::string> taken) : taken_(std::move(taken)) {
        for (std::size_t i = 0; i < function.statements.size(); ++i)
            for (const Piece& piece : function.statements[i].expression.pieces)
                if (piece.kind == Piece::Kind::value) last_read_[piece.number] = i;
        for (const int value : function.results) last_read_[value] = function.statements.size();
        for (const int value : function.parameters) declare(value, {}, false);
    }

    const std::string& of(int value) const { return names_.at(value); }
    bool is_read(int value) const { return last_read_.contains(value); }
    bool is_last_read(int value, std::size_t statement) const {
        const auto at = last_read_.find(value);
        return at == last_read_.end() || at->second <= statement;
    }

    /// A variable for the only result of a statement that reads `operands`; true if it is new. It is that of the first
    /// operand that is done with, or in a sum, whose operands are equals, x.
    bool assign(int value, const std::vector<int>& operands, std::size_t statement, const std::string& hint,
                bool is_sum = false) {
        const std::string* found = nullptr;
        for (const int operand : operands)
            if (is_last_read(operand, statement) && !kept_.contains(of(operand)) &&
                (found == nullptr || (is_sum && of(operand) == "x")))
                found = &of(operand);
        // a variable that is done with elsewhere
        std::string word = word_of(hint);
        if (!is_free(word) && (!holder_.contains(word) || kept_.contains(word))) word = "";  // a function's, an input's
        const auto old = holder_.find(word);
        if (found == nullptr && old != holder_.end() && is_last_read(old->second, statement)) found = &old->first;
        if (found == nullptr && word.empty())
            for (const std::string& one : letters_)
                if (is_last_read(holder_.at(one), statement) && (found == nullptr || one == "x")) found = &one;
        if (found == nullptr) return declare(value, word, false), true;
        const std::string name = *found;
        holder_[name] = value, names_[value] = name;
        return false;
    }

    /// Another variable for a value, in a loop that begins with it.
    void stands_for(int value, const std::string& variable) { names_[value] = variable; }

    /// A new variable, which keeps its value if it is called after something for good: an input, a tensor.
    void declare(int value, std::string word, bool keeps) {
        if (word.empty() || (!is_free(word) && !holder_.contains(word))) letters_.push_back(word = letter());
        else if (!is_free(word)) word = numbered(word);
        if (keeps) kept_.insert(word);
        taken_.insert(word);
        holder_[word] = value, names_[value] = word;
    }

  private:
    bool is_free(const std::string& name) const { return !taken_.contains(name); }
    std::string numbered(const std::string& word) const {
        for (int number = 2;; ++number)
            if (std::string name = word + std::to_string(number); is_free(name)) return name;
    }
    std::string letter() const {
        for (int number = 1;; ++number)
            for (const char* one : {"x", "y", "z", "u", "v", "w", "a", "b", "c"}) {
                const std::string name = number == 1 ? one : one + std::to_string(number);
                if (is_free(name)) return name;
            }
    }

    std::map<int, std::size_t> last_read_{};
    std::map<int, std::string> names_{};
    std::map<std::string, int> holder_{};
    std::vector<std::string> letters_{};
    std::set<std::string> taken_, kept_{};
};

}  // namespace taxon::onnx::writer
