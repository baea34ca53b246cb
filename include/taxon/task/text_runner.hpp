#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <taxon/task/runner.hpp>
#include <taxon/task/token_row.hpp>
#include <utility>
#include <vector>

namespace taxon::task {

/// Runs texts of mixed lengths. Each runs at its own length, without padding, unless the model's ShapeMode requires
/// more samples or tokens, or `filled_to` does: then attention masks the padding. Both give the same results, but for
/// rounding.
class TextRunner {
  public:
    /// `filled_to`: the length to pad every text to, for comparison with programs of fixed shapes; 0: none.
    explicit TextRunner(Runner runner, int filled_to = 0) : runner_(std::move(runner)), filled_to_(filled_to) {}

    /// `outputs`: of all rows, one after the other. Throws as the network does, Fault::shape for too long a text.
    void run(std::span<const TokenRow> rows, std::span<float> outputs) {
        const bool alone = filled_to_ == 0 && runner_.policies.batch.first == 1;
        const std::size_t most = alone ? 1 : static_cast<std::size_t>(runner_.policies.batch.last),
                          out = runner_.output_size();
        for (std::size_t first = 0; first < rows.size(); first += most) {
            const std::size_t count = std::min(most, rows.size() - first);
            run_together(rows.subspan(first, count), outputs.subspan(first * out, count * out));
        }
    }

  private:
    static int tokens(const TokenRow& row) { return static_cast<int>(row.size() / token_features); }

    void run_together(std::span<const TokenRow> rows, std::span<float> outputs) {
        int length = std::max(filled_to_, runner_.policies.length.first);
        for (const TokenRow& row : rows) length = std::max(length, tokens(row));
        const std::size_t count = std::max(rows.size(), static_cast<std::size_t>(runner_.policies.batch.first)),
                          size = static_cast<std::size_t>(length) * token_features;
        if (count == 1 && filled_to_ == 0 && tokens(rows.front()) == length)
            return runner_.run(rows.front(), outputs, length, {});

        filled_.assign(count * size, 0);
        valid_.clear();
        for (std::size_t i = 0; i < count; ++i) {
            const TokenRow& row = rows[std::min(i, rows.size() - 1)];  // a batch that is not full repeats its last text
            std::ranges::copy(row, filled_.begin() + static_cast<std::ptrdiff_t>(i * size));
            valid_.push_back(tokens(row));
        }
        if (count == rows.size()) return runner_.run(filled_, outputs, length, valid_);
        std::vector<float> all(count * runner_.output_size());
        runner_.run(filled_, all, length, valid_);
        std::copy_n(all.begin(), outputs.size(), outputs.begin());
    }

    Runner runner_;
    int filled_to_;
    std::vector<float> filled_;
    std::vector<int> valid_;
};

}  // namespace taxon::task
