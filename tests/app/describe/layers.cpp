#include <taxon/app/describe/layers.hpp>

#include <taxon/layer/conv1d.hpp>
#include <taxon/layer/conv_transpose2d.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

struct Windows {
    static constexpr Shape input{8, 12, 12};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<8, 8, 3>, Conv2d<8, 8, Extent{1, 7}, Extent{2, 1}, 4>, Conv2d<8, 8, 3, 1, 1, false, 1, 2>,
                   ConvTranspose2d<8, 4, 4, 2>, MaxPool2d<Extent{2, 3}, 1, 0, false, Extent{1, 2}>,
                   AdaptiveMaxPool2d<2, 3>>::trace(tracer);
    }
};

}  // namespace

TEST_CASE("layers are described by the size, stride and dilation of their windows") {
    const auto rows = app::layer_rows(graph_of<Windows>);
    REQUIRE(rows.size() == 6);
    CHECK(rows[0].operation == "convolution 3x3");
    CHECK(rows[1].operation == "convolution 1x7/2x1 of 4 groups");
    CHECK(rows[2].operation == "convolution 3x3 dilated 2");
    CHECK(rows[3].operation == "transposed convolution 4x4/2");
    CHECK(rows[4].operation == "max pool 2x3 dilated 1x2");
    CHECK(rows[5].operation == "max pool to 2x3");
}
