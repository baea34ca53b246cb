#pragma once
#include <functional>
#include <map>
#include <queue>
#include <set>
#include <string>
#include <string_view>
#include <taxon/onnx/writer/identifier.hpp>
#include <taxon/onnx/writer/live_ranges.hpp>
#include <unordered_map>
#include <utility>
#include <vector>

namespace taxon::onnx::writer {

/// The local variables of a function. A value takes the variable of an operand that is read for the last time, so that
/// a chain of layers is one x; others are called after their layers, or by a letter.
class Variables {
  public:
    /// `taken`: names that mean something else in the function.
    Variables(const Function& function, const LiveRanges& ranges, std::set<std::string> taken)
        : ranges_(ranges), taken_(std::move(taken)) {
        for (const int value : function.parameters) declare(value, {}, false);
    }

    const std::string& of(int value) const { return names_.at(value); }

    /// A variable for the only result of a statement that reads `operands`, no earlier one than at the last call; true
    /// if it is new. It is that of the first operand that is done with, or in a sum, whose operands are equals, x.
    bool assign(int value, const std::vector<int>& operands, std::size_t statement, const std::string& hint,
                bool is_sum = false) {
        const std::string* found = nullptr;
        for (const int operand : operands)
            if (ranges_.is_last_read(operand, statement) && !kept_.contains(of(operand)) &&
                (found == nullptr || (is_sum && of(operand) == "x")))
                found = &of(operand);
        // a variable that is done with elsewhere
        std::string word = word_of(hint);
        if (!is_free(word) && (!holder_.contains(word) || kept_.contains(word))) word = "";  // a function's, an input's
        const auto old = holder_.find(word);
        if (found == nullptr && old != holder_.end() && ranges_.is_last_read(old->second, statement))
            found = &old->first;
        if (found == nullptr && word.empty()) found = idle_letter(statement);
        if (found == nullptr) return declare(value, word, false), true;
        hold(std::string(*found), value);
        return false;
    }

    /// Another variable for a value, in a loop that begins with it.
    void stands_for(int value, const std::string& variable) { names_[value] = variable; }

    /// A new variable, which keeps its value if it is called after something for good: an input, a tensor.
    void declare(int value, std::string word, bool keeps) {
        if (word.empty() || (!is_free(word) && !holder_.contains(word))) {
            word = letter();
            letters_.emplace(word, letters_.size());
            in_order_.push_back(word);
        } else if (!is_free(word)) word = numbered(word);
        if (keeps) kept_.insert(word);
        taken_.insert(word);
        hold(word, value);
    }

  private:
    using LastRead = std::pair<std::size_t, std::size_t>;  ///< a statement, and a letter's place in the order

    void hold(const std::string& name, int value) {
        holder_[name] = value, names_[value] = name;
        if (const auto at = letters_.find(name); at != letters_.end())
            busy_.push({ranges_.of(value).last_read, at->second});
    }
    /// The first letter, but x before all, whose value is done with.
    const std::string* idle_letter(std::size_t statement) {
        const auto is_idle = [&](const std::string& one) { return ranges_.is_last_read(holder_.at(one), statement); };
        if (const auto x = letters_.find("x"); x != letters_.end() && is_idle(x->first)) return &x->first;
        for (; !busy_.empty() && busy_.top().first <= statement; busy_.pop()) idle_.insert(busy_.top().second);
        // those that hold another value meanwhile will be there again
        while (!idle_.empty() && !is_idle(in_order_[*idle_.begin()])) idle_.erase(idle_.begin());
        return idle_.empty() ? nullptr : &in_order_[*idle_.begin()];
    }

    bool is_free(const std::string& name) const { return !taken_.contains(name); }
    std::string numbered(const std::string& word) {
        for (int& number = numbers_.emplace(word, 2).first->second;; ++number)
            if (std::string name = word + std::to_string(number); is_free(name)) return name;
    }
    std::string letter() {
        for (;; ++letter_) {
            constexpr std::string_view letters = "xyzuvwabc";
            const std::size_t turn = letter_ / letters.size();
            std::string name(1, letters[letter_ % letters.size()]);
            if (turn > 0) name += std::to_string(turn + 1);
            if (is_free(name)) return name;
        }
    }

    const LiveRanges& ranges_;
    std::unordered_map<int, std::string> names_{};
    std::map<std::string, int> holder_{};
    std::set<std::string> taken_, kept_{};
    std::map<std::string, std::size_t> letters_{};  ///< and their places in the order in which they were declared
    std::vector<std::string> in_order_{};
    std::priority_queue<LastRead, std::vector<LastRead>, std::greater<>> busy_{};
    std::set<std::size_t> idle_{};          ///< letters whose values are done with, or were
    std::map<std::string, int> numbers_{};  ///< the next of "word2", "word3", …
    std::size_t letter_ = 0;                ///< the next one
};

}  // namespace taxon::onnx::writer
