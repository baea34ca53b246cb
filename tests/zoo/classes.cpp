// The examples' variants as CMake's TAXON_CLASSES compiles them.
#define TAXON_CLASSES 7
#include "../../examples/bert/variants.hpp"
#include "../../examples/googlenet/variants.hpp"
#include "../../examples/mobilenet_v3/variants.hpp"
#include "../../examples/resnet/variants.hpp"
#include "../../examples/yolov3/variants.hpp"
#include "../../examples/yolov5/variants.hpp"

#include <taxon/graph/graph.hpp>

#include "catch.hpp"

namespace {

template <class Variant>
int outputs() {
    return taxon::graph_of<typename Variant::Architecture>.output_shape().channels;
}

}  // namespace

TEST_CASE("R6: TAXON_CLASSES is the number of classes of every family") {
    CHECK(outputs<Small>() == 7);
    CHECK(outputs<SmallKuanWang>() == 7);
    CHECK(outputs<SmallCifar10>() == 7);
    CHECK(outputs<ResNet18>() == 7);
    CHECK(outputs<V1>() == 7);
    CHECK(outputs<MiniLmL6>() == 7);
    CHECK(outputs<N<320>>() == 5 + 7);
    CHECK(outputs<PyTorch>() == 5 + 7);
    CHECK(outputs<Darknet>() == 5 + 7);
}
