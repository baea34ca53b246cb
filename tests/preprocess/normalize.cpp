#include <taxon/preprocess/normalize.hpp>

#include "catch.hpp"

using namespace taxon::preprocess;

static_assert(LevelStep<ScaleTo01> && LevelStep<Normalize<ImageNetStatistics>> &&
              ChannelStatistics<ImageNetStatistics>);
static_assert(Normalize<ImageNetStatistics>::name == "Normalize<ImageNet>");
static_assert(LevelStep<NormalizeLevels<127, 128>> && NormalizeLevels<127, 128>::name == "NormalizeLevels<127, 128>");

TEST_CASE("levels are what torchvision computes in float32") {
    // torch: (torch.tensor(v, dtype=uint8).float().div(255) - mean) / std
    const auto& levels = Normalize<ImageNetStatistics>::levels;
    CHECK(levels[0][0] == -2.1179039478302f);
    CHECK(levels[1][255] == 2.4285714626312256f);
    CHECK(levels[2][128] == 0.4264925718307495f);
    CHECK(ScaleTo01::levels[0][255] == 1.0f);
    CHECK(ScaleTo01::levels[2][0] == 0.0f);
    CHECK(ScaleTo01::levels[1][51] == 0.2f);
}

TEST_CASE("levels in units of levels are exact where the deviation is a power of two") {
    const auto& levels = NormalizeLevels<127, 128>::levels;
    for (int level = 0; level < 256; ++level)
        CHECK(levels[1][static_cast<std::size_t>(level)] == static_cast<float>((level - 127) / 128.0));
}
