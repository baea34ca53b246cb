#include <taxon/preprocess/png_filter.hpp>

#include <cstdlib>
#include <random>
#include <vector>

#include "catch.hpp"

using taxon::preprocess::PngFilter;

namespace {

using Row = std::vector<std::uint8_t>;

/// Filt(x) of the specification, section 9.2, backwards, byte by byte.
Row restored(int filter, std::size_t pixel_bytes, const Row& stored, const Row& above) {
    Row row;
    for (std::size_t i = 0; i < stored.size(); ++i) {
        const bool first = i < pixel_bytes;
        const int a = first ? 0 : row[i - pixel_bytes], b = above[i], c = first ? 0 : above[i - pixel_bytes];
        const int p = a + b - c, to_a = std::abs(p - a), to_b = std::abs(p - b), to_c = std::abs(p - c);
        const int nearest = to_a <= to_b && to_a <= to_c ? a : to_b <= to_c ? b : c;
        const int predictions[] = {0, a, b, (a + b) / 2, nearest};
        row.push_back(static_cast<std::uint8_t>(stored[i] + predictions[filter]));
    }
    return row;
}

Row with_spare(Row row) {
    row.resize(row.size() + PngFilter::spare_bytes, 0xEE);
    return row;
}

}  // namespace

TEST_CASE("PngFilter restores rows as the specification has it, for every filter and size of pixel") {
    std::mt19937 random(9);
    // few levels, so that distances are equal, too; and all of them
    for (const int levels : {3, 256}) {
        const auto row_of = [&](std::size_t size) {
            Row row(size);
            for (std::uint8_t& byte : row) byte = static_cast<std::uint8_t>(random() % static_cast<unsigned>(levels));
            return row;
        };
        for (const std::size_t pixel_bytes : {1u, 2u, 3u, 4u, 6u, 8u})
            for (std::size_t pixels = 1; pixels <= 40; ++pixels)
                for (int filter = 0; filter < PngFilter::count; ++filter) {
                    const Row stored = row_of(pixels * pixel_bytes), above = row_of(stored.size());
                    Row row = with_spare(Row(stored.size()));
                    PngFilter::undo(filter, pixel_bytes, with_spare(stored).data(), with_spare(above).data(),
                                    row.data(), stored.size());
                    row.resize(stored.size());
                    INFO("filter " << filter << ", " << pixels << " pixels of " << pixel_bytes << " bytes");
                    CHECK(row == restored(filter, pixel_bytes, stored, above));
                }
    }
}
