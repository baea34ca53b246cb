#include <taxon/zoo/convnext.hpp>

#include <taxon/graph/graph.hpp>
#include <taxon/zoo/densenet.hpp>
#include <taxon/zoo/efficientnet.hpp>
#include <taxon/zoo/mobilenet_v2.hpp>
#include <taxon/zoo/regnet.hpp>
#include <taxon/zoo/resnet.hpp>
#include <taxon/zoo/shufflenet_v2.hpp>
#include <taxon/zoo/vision_transformer.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

template <class A>
constexpr long parameters = graph_of<A>.parameter_count();

}  // namespace

TEST_CASE("classifiers have as many parameters as torchvision's") {
    STATIC_REQUIRE(parameters<zoo::MobileNetV2<>> == 3'504'872);
    STATIC_REQUIRE(parameters<zoo::EfficientNetB0<>> == 5'288'548);
    STATIC_REQUIRE(parameters<zoo::EfficientNetB1<>> == 7'794'184);
    STATIC_REQUIRE(parameters<zoo::EfficientNetB2<>> == 9'109'994);
    STATIC_REQUIRE(parameters<zoo::EfficientNetB3<>> == 12'233'232);
    STATIC_REQUIRE(parameters<zoo::DenseNet121<>> == 7'978'856);
    STATIC_REQUIRE(parameters<zoo::RegNetX400MF<>> == 5'495'976);
    STATIC_REQUIRE(parameters<zoo::RegNetY400MF<>> == 4'344'144);
    STATIC_REQUIRE(parameters<zoo::ResNeXt50<>> == 25'028'904);
    STATIC_REQUIRE(parameters<zoo::ShuffleNetV2<>> == 2'278'604);
    STATIC_REQUIRE(parameters<zoo::ConvNeXtTiny<>> == 28'589'128);
    STATIC_REQUIRE(parameters<zoo::VitB16<>> == 86'567'656);
    STATIC_REQUIRE(parameters<zoo::DeitTiny<>> == 5'717'416);  // timm's
}
