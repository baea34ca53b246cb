#include <taxon/preprocess/normalize.hpp>

#include "catch.hpp"

using namespace taxon::preprocess;

static_assert(LevelStep<ScaleTo01> && LevelStep<Normalize<ImageNetStatistics>> &&
              ChannelStatistics<ImageNetStatistics>);
static_assert(Normalize<ImageNetStatistics>::name == "Normalize<ImageNet>");

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
