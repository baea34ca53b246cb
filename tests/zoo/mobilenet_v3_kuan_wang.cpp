#include <taxon/zoo/mobilenet_v3_kuan_wang.hpp>

#include "zoo/golden_modules.hpp"

using namespace taxon;

TEST_CASE("KuanWang's MobileNetV3-Small agrees with PyTorch") {
    STATIC_REQUIRE(Model<zoo::MobileNetV3SmallKuanWang<>>::output_shape == Shape{1000});
    check_golden<zoo::MobileNetV3SmallKuanWang<>>("mobilenet_v3_small_kuanwang");
}
