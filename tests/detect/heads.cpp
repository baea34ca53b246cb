#include <taxon/detect/heads.hpp>

#include <limits>
#include <vector>

#include "catch.hpp"

using namespace taxon;

static_assert(detect::yolox_rows(416, 416) == 3549 && detect::yolox_rows(64, 32) == 32 + 8 + 2);

TEST_CASE("YOLOX's rows are decoded by the stride and the cell of each") {
    constexpr std::size_t columns = 6;
    std::vector<float> rows(columns * 42, .5f), table(rows.size());  // 64 x 32: 8 x 4 cells, 4 x 2, 2 x 1
    detect::decode_yolox(rows, {3, 64, 32}, Shape::rows(6, 42), table);
    const auto box = [&](std::size_t row) {
        return std::vector<float>(table.begin() + static_cast<std::ptrdiff_t>(columns * row),
                                  table.begin() + static_cast<std::ptrdiff_t>(columns * row + 4));
    };
    const float half = std::exp(.5f);
    CHECK(box(0) == std::vector<float>{4, 4, 8 * half, 8 * half});
    CHECK(box(6) == std::vector<float>{20, 12, 8 * half, 8 * half});  // the second row's third cell
    CHECK(box(33) == std::vector<float>{24, 8, 16 * half, 16 * half});
    CHECK(box(41) == std::vector<float>{16, 48, 32 * half, 32 * half});
    CHECK((table[4] == 0 && table[5] == 0));  // logits of 0.5
}

TEST_CASE("YOLOv8's columns become rows, with an objectness of one") {
    constexpr std::size_t columns = 7;                                                    // two classes
    const std::vector<float> numbers{1, 2, 3, 4, 5, 6, 7, 8, .25f, 1, 0, std::nanf("")};  // two boxes
    std::vector<float> table(2 * columns);
    detect::decode_yolov8(numbers, {3, 8, 8}, Shape::rows(7, 2), table);
    CHECK(std::vector<float>(table.begin(), table.begin() + 4) == std::vector<float>{1, 3, 5, 7});
    CHECK(std::vector<float>(table.begin() + 7, table.begin() + 11) == std::vector<float>{2, 4, 6, 8});
    detect::decode_scores(table, columns);
    CHECK((table[4] == 1 && table[5] == Approx(.25f) && table[6] < 1e-30f));
    CHECK((table[11] == 1 && table[12] == 1 && std::isnan(table[13])));
}
