#pragma once
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <taxon/onnx/writer/block.hpp>
#include <vector>

namespace taxon::onnx::writer {

/// Blocks of one function that do not overlap, those that are worth most first.
class Blocks {
  public:
    explicit Blocks(const Function& function)
        : function_(function), ranges_(function), repeats_(repeats_of(function, ranges_, least_)), costs_{0} {
        for (const Statement& statement : function.statements) {
            std::size_t cost = 1;
            for (const Piece& piece : statement.expression.pieces) cost += 1 + piece.text.size() / 16;
            costs_.push_back(costs_.back() + cost);
        }
        // published networks need up to 450 looks at each statement (Swin small)
        work_left_ = std::min<std::size_t>(2048 * costs_.back(), std::size_t{1} << 28);
        for (std::size_t i = 0; i < repeats_.size(); ++i) queue_.push({repeats_[i].bound(), false, i});
    }

    /// The next one; nothing if none is worth it, or half as much as the first one: what is left may be worth more
    /// together with calls of those that were found.
    std::optional<Block> next() {
        while (!queue_.empty()) {
            const Entry entry = queue_.top();
            queue_.pop();
            Repeat& repeat = repeats_[entry.repeat];
            const auto overlaps = [&](std::size_t start) { return is_taken(start, repeat.length); };
            if (std::erase_if(repeat.starts, overlaps) > 0) push({repeat.bound(), false, entry.repeat});
            else if (!entry.is_exact) push({worth(repeat), true, entry.repeat});
            else if (entry.worth < first_ / 2) return {};
            else {
                first_ = std::max(first_, entry.worth);
                for (const std::size_t start : repeat.starts) taken_[start] = start + repeat.length;
                return Block(function_, ranges_, repeat);
            }
        }
        return {};
    }

  private:
    struct Entry {
        double worth;
        bool is_exact;  ///< false: it is a bound
        std::size_t repeat;

        bool operator<(const Entry& other) const {
            if (worth != other.worth) return worth < other.worth;
            return is_exact != other.is_exact ? is_exact < other.is_exact : repeat > other.repeat;
        }
    };

    void push(const Entry& entry) {
        if (entry.worth > least_) queue_.push(entry);
    }

    bool is_taken(std::size_t start, std::size_t length) const {
        const auto after = taken_.lower_bound(start);
        return (after != taken_.end() && after->first < start + length) ||
               (after != taken_.begin() && std::prev(after)->second > start);
    }

    /// Of a repeat, or of what is left of it without its first run if that is worth more: the first one often differs,
    /// as in names without a number.
    double worth(Repeat& repeat) {
        const std::size_t begin = repeat.starts[0];
        const std::size_t work = 2 * repeat.starts.size() * (costs_[begin + repeat.length] - costs_[begin]);
        if (work > work_left_) return 0;
        work_left_ -= work;
        const double all = Block(function_, ranges_, repeat).worth();
        const Repeat rest{repeat.length, {repeat.starts.begin() + 1, repeat.starts.end()}};
        if (rest.bound() <= std::max(all, least_)) return all;
        const double without = Block(function_, ranges_, rest).worth();
        if (without > all) repeat = rest;
        return std::max(all, without);
    }

    static constexpr double least_ = 6.5;

    const Function& function_;
    LiveRanges ranges_;
    std::vector<Repeat> repeats_;
    std::vector<std::size_t> costs_;  ///< what it costs to look at the statements before each
    std::size_t work_left_ = 0;
    double first_ = 0;  ///< what the first one was worth
    std::priority_queue<Entry> queue_{};
    std::map<std::size_t, std::size_t> taken_{};  ///< where runs of blocks begin and end
};

/// Takes blocks that repeat out of the first function, and out of one another, into functions of their own. `taken`:
/// identifiers that they must not have.
inline void find_blocks(std::vector<Function>& functions, std::set<std::string>& taken) {
    for (std::size_t i = 0; i < functions.size(); ++i)
        for (bool is_done = false; !is_done;) {
            struct Run {
                std::size_t length;
                Statement call;
            };
            std::map<std::size_t, Run> runs;  // by their starts
            std::vector<Function> made;
            Blocks blocks(functions[i]);
            while (const std::optional<Block> block = blocks.next()) {
                const std::string word = block->word();
                std::string name = word;
                for (int number = 2; !taken.insert(name).second; ++number) name = word + "_" + std::to_string(number);
                std::vector<Statement> calls;
                made.push_back(block->made(name, calls));
                for (std::size_t call = 0; call < calls.size(); ++call)
                    runs[block->starts()[call]] = {block->length(), std::move(calls[call])};
            }
            std::vector<Statement> left;
            for (std::size_t k = 0; k < functions[i].statements.size();)
                if (const auto run = runs.find(k); run != runs.end()) {
                    left.push_back(std::move(run->second.call));
                    k += run->second.length;
                } else left.push_back(std::move(functions[i].statements[k++]));
            functions[i].statements = std::move(left);
            std::move(made.begin(), made.end(), std::back_inserter(functions));
            is_done = made.empty();
        }
}

}  // namespace taxon::onnx::writer
