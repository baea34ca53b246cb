#include <taxon/backend/cpu/row_window.hpp>

#include <random>
#include <vector>

#include "catch.hpp"

using namespace taxon;

TEST_CASE("a window of rows keeps those that are read again, and zeroes the halo") {
    std::mt19937 random(3);
    const auto number = [&](int least, int most) { return std::uniform_int_distribution(least, most)(random); };
    for (int round = 0; round < 100; ++round) {
        const int height = number(6, 30), size = number(1, 5), stride = number(1, 3), before = number(0, size - 1),
                  band = number(1, 4), needed = (band - 1) * stride + size, capacity = needed + number(0, 6),
                  first_row = number(0, 3);
        const View view{.shape = {8, height, 5}, .pitch = 8, .halo = {2, 1}};
        const auto row = static_cast<std::size_t>(view.row());
        std::vector<float> memory(row * static_cast<std::size_t>(first_row + capacity + 1), -1);
        cpu::RowWindow window(reinterpret_cast<std::byte*>(memory.data()), view, first_row, capacity);
        int computed = 0;
        for (int top = 0; top * stride - before + needed <= height + before; top += band) {
            const RowRange read{top * stride - before, top * stride - before + needed},
                missing = window.make_room(read);
            CHECK(missing.first >= computed);
            auto* origin = reinterpret_cast<float*>(window.origin());
            for (int y = missing.first; y < missing.last; ++y)
                std::fill_n(origin + view.pixel(y, 0), view.shape.width * view.pitch, static_cast<float>(y + 1));
            computed = std::max(computed, missing.last);
            for (int y = read.first; y < read.last; ++y)
                for (int x = -1; x <= view.shape.width; ++x) {
                    const bool inside = y >= 0 && y < height && x >= 0 && x < view.shape.width;
                    REQUIRE(origin[view.pixel(y, x)] == (inside ? static_cast<float>(y + 1) : 0));
                }
        }
        for (std::size_t i = 0; i < row * static_cast<std::size_t>(first_row); ++i) REQUIRE(memory[i] == -1);
        for (std::size_t i = memory.size() - row; i < memory.size(); ++i) REQUIRE(memory[i] == -1);
    }
}
