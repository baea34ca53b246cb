#include <taxon/detect/table.hpp>

#include <cmath>
#include <limits>
#include <taxon/io/synthetic_weights.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

/// Rows of that many columns, their logits from -12 to 12.
std::vector<float> table_of(std::size_t rows, std::size_t columns) {
    auto numbers = io::synthetic_input("table", "logits", rows * columns);
    for (float& x : numbers) x *= 12;
    return numbers;
}

/// Score and row of every class above the confidence, by way of all sigmoids.
std::vector<std::pair<float, std::size_t>> above(std::span<const float> rows, std::size_t columns, float confidence) {
    std::vector<std::pair<float, std::size_t>> found;
    for (std::size_t row = 0; row < rows.size(); row += columns)
        for (std::size_t c = 5; c < columns; ++c)
            if (const float score = rows[row + 4] * rows[row + c]; score > confidence) found.emplace_back(score, c);
    return found;
}

}  // namespace

TEST_CASE("logits and sigmoids are each other's inverse") {
    for (const float p : {0.001f, 0.25f, 0.5f, 0.99f}) CHECK(detect::sigmoid(detect::logit(p)) == Approx(p));
    CHECK(detect::sigmoid(detect::logit(0)) == 0);
    CHECK(detect::sigmoid(detect::logit(1)) == 1);
    CHECK(detect::logit(2) > 1e30f);
    CHECK(detect::logit(-1) < -1e30f);
}

TEST_CASE("decoding leaves boxes as they are and makes scores of all else") {
    std::vector<float> table{1, 2, 3, 4, 0, 100, -100, 5, 6, 7, 8, 1, 0, -1};
    detect::decode_scores(table, 7);
    CHECK(std::vector<float>(table.begin(), table.begin() + 5) == std::vector<float>{1, 2, 3, 4, 0.5f});
    CHECK(table[5] == 1);
    CHECK(table[6] == Approx(0).margin(1e-30));
    CHECK(table[10] == 8);
    CHECK(table[11] == Approx(0.7310586f));
    CHECK(table[13] == Approx(1 - 0.7310586f));
}

TEST_CASE("likely rows have all scores above the confidence, and few others") {
    for (const std::size_t columns : {6u, 7u, 85u})
        for (const float confidence : {0.f, 0.001f, 0.25f, 0.9f, 1.f}) {
            INFO(columns << " columns, confidence " << confidence);
            const auto table = table_of(500, columns);
            auto decoded = table;
            detect::decode_scores(decoded, columns);
            std::vector<float> likely;
            std::size_t rows = 0;
            detect::visit_likely_rows(table, columns, confidence, [&](std::span<const float> row) {
                likely.insert(likely.end(), row.begin(), row.end());
                ++rows;
            });
            CHECK(above(likely, columns, confidence) == above(decoded, columns, confidence));
            CHECK(rows <= 2 + above(decoded, columns, confidence).size());
        }
}

TEST_CASE("rows that are not made of numbers are shown") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (const std::vector<float>& row :
         {std::vector<float>{1, 1, 1, 1, nan, 0, 0}, std::vector<float>{1, 1, 1, 1, 9, 0, nan}}) {
        int shown = 0;
        detect::visit_likely_rows(row, 7, 0.9f, [&](std::span<const float> scores) {
            shown += std::isnan(scores[4]) || std::isnan(scores[6]);
        });
        CHECK(shown == 1);
    }
}
