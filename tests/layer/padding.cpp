#include <taxon/layer/padding.hpp>

#include <taxon/graph/graph.hpp>
#include <taxon/layer/conv1d.hpp>
#include <taxon/layer/conv_transpose1d.hpp>
#include <taxon/layer/pool.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

template <class Layer, int Channels, int Height, int Width>
struct On {
    static constexpr Shape input{Channels, Height, Width};
    static constexpr void trace(Tracer& tracer) { Layer::trace(tracer); }
};
template <class Layer, int Channels, int Height, int Width>
constexpr Shape shape = graph_of<On<Layer, Channels, Height, Width>>.output_shape();

constexpr WindowAxis along_height(Padding around, int kernel, int stride, int dilation, int height) {
    return around.window(kernel, stride, dilation, {1, height, 1}).y;
}

}  // namespace

TEST_CASE("padding is a number, two, four, or a rule") {
    constexpr Window window = Padding{1, 2, 3, 4}.window(3, 1, 1, {1, 9, 9});
    STATIC_REQUIRE((window.y.before == 1 && window.y.after == 3 && window.x.before == 2 && window.x.after == 4));
    STATIC_REQUIRE(Padding{2}.window(3, 1, 1, {1, 9, 9}) == Padding{2, 2}.window(3, 1, 1, {1, 9, 9}));
    STATIC_REQUIRE(along_height(padding::centred, 3, 1, 2, 9) == WindowAxis{3, 1, 2, 2, 2});
    STATIC_REQUIRE(along_height(padding::centred, 4, 2, 1, 9) == WindowAxis{4, 2, 1, 1, 1});
}

TEST_CASE("same padding is TensorFlow's, an odd pixel after the picture, or before it") {
    // tf.nn.conv2d of 224 and 225 pixels
    STATIC_REQUIRE(along_height(padding::same, 3, 2, 1, 224) == WindowAxis{3, 2, 1, 0, 1});
    STATIC_REQUIRE(along_height(padding::same, 3, 2, 1, 225) == WindowAxis{3, 2, 1, 1, 1});
    STATIC_REQUIRE(along_height(padding::same, 5, 2, 1, 224) == WindowAxis{5, 2, 1, 1, 2});
    STATIC_REQUIRE(along_height(padding::same_lower, 5, 2, 1, 224) == WindowAxis{5, 2, 1, 2, 1});
    STATIC_REQUIRE(along_height(padding::same, 2, 3, 1, 7) == WindowAxis{2, 3, 1, 0, 1});
    STATIC_REQUIRE(along_height(padding::same, 1, 2, 1, 8) ==
                   WindowAxis{1, 2, 1, 0, 0});  // pixels that no window reads
    STATIC_REQUIRE(shape<Conv2d<3, 8, 3, 2, 1, false, padding::same>, 3, 7, 10> == Shape{8, 4, 5});
    STATIC_REQUIRE(shape<MaxPool2d<2, 1, padding::same>, 3, 7, 10> == Shape{3, 7, 10});
}

TEST_CASE("windows of two axes, of one dimension and transposed have PyTorch's shapes") {
    STATIC_REQUIRE(shape<Conv2d<3, 8, Extent{1, 7}, Extent{1, 2}, 1, false, Padding{0, 3}>, 3, 7, 10> ==
                   Shape{8, 7, 5});
    STATIC_REQUIRE(shape<Conv2d<3, 8, 3, 1, 1, false, 0, 3>, 3, 7, 10> == Shape{8, 1, 4});
    STATIC_REQUIRE(shape<Conv1d<3, 8, 3, 1, 1, false, Padding{0, 4, 0, 0}, 2>, 3, 1, 10> == Shape{8, 1, 10});
    STATIC_REQUIRE(shape<ConvTranspose2d<3, 8, 4, 2, 1, false, 1>, 3, 7, 10> == Shape{8, 14, 20});
    STATIC_REQUIRE(shape<ConvTranspose2d<3, 8, 3, 2, 1, false, 1, 1>, 3, 7, 10> == Shape{8, 14, 20});
    STATIC_REQUIRE(shape<ConvTranspose1d<3, 8, 16, 8, 1, false, 4>, 3, 1, 10> == Shape{8, 1, 80});
    STATIC_REQUIRE(shape<MaxPool1d<3, 2, 1>, 3, 1, 10> == Shape{3, 1, 5});
    STATIC_REQUIRE(graph_of<On<ConvTranspose2d<4, 6, 4, 2, 2>, 4, 5, 5>>.flops() == 2L * 4 * 25 * 3 * 16);
    const GraphView graph = graph_of<On<ConvTranspose1d<4, 6, 5, 1, 2>, 4, 1, 9>>;
    CHECK(graph.parameters[0].rank == 3);
    CHECK(graph.parameters[0].shape == std::array<int, 4>{4, 3, 5, 0});
}
