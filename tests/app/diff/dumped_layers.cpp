#include <taxon/app/diff/dumped_layers.hpp>

#include <taxon/layer/activate.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>

#include "app/program.hpp"
#include "catch.hpp"

using namespace taxon;
using app::DumpedLayers;

namespace {

/// Layers "0", "1" and "2", of 4 x 3 x 2.
struct Network {
    static constexpr Shape input{4, 3, 2};
    using Layers = Sequential<Conv2d<4, 4, 1>, ReLU, Conv2d<4, 4, 1>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

std::vector<float> counted(std::size_t size) {
    std::vector<float> numbers(size);
    for (std::size_t i = 0; i < size; ++i) numbers[i] = static_cast<float>(i);
    return numbers;
}

class Dumps : public TestFolder {
  public:
    void write(const std::string& name, const Dimensions& shape) const {
        const auto size = static_cast<std::size_t>(io::element_count(shape));
        io::write_npy(path() / name, counted(size), shape);
    }
    DumpedLayers layers(std::size_t count) const { return {path(), graph_of<Network>, count}; }
};

const std::vector<float> sample(24);

}  // namespace

TEST_CASE("layers in files are found by name, with a number before it or without") {
    const Dumps dumps;
    dumps.write("0.npy", {2, 4, 3, 2});
    dumps.write("007_1.npy", {2, 4, 3, 2});
    dumps.write("other.npy", {5});
    write_text(dumps / "2.txt", "not an array");
    const auto layers = dumps.layers(2);
    CHECK(layers.size() == 2);
    const auto values = layers.values(1, sample);
    REQUIRE(values.find(1) != nullptr);
    CHECK(values.find(1)->numbers.front() == 24);
    CHECK(values.find(2)->numbers.back() == 47);
    CHECK(values.find(3) == nullptr);
    CHECK(values.find(0)->numbers == sample);
}

TEST_CASE("pixels with their channels last become planes, and one sample needs no batch") {
    const Dumps dumps;
    dumps.write("0.npy", {1, 3, 2, 4});
    dumps.write("1.npy", {6, 4});
    dumps.write("2.npy", {4, 3, 2});
    const auto values = dumps.layers(1).values(0, sample);
    for (const int node : {1, 2}) {
        CHECK(values.find(node)->numbers[1] == 4);  // channel 0, second pixel
        CHECK(values.find(node)->numbers[6] == 1);  // channel 1, first pixel
        CHECK(values.find(node)->numbers[23] == 23);
    }
    CHECK(values.find(3)->numbers == counted(24));
}

TEST_CASE("a file of another shape is not compared and says its shape") {
    const Dumps dumps;
    dumps.write("0.npy", {1, 4, 3, 2});
    dumps.write("1.npy", {2, 4, 3, 2});
    const auto layers = dumps.layers(1);
    CHECK(layers.size() == 1);
    REQUIRE(layers.mismatch(2) != nullptr);
    CHECK(*layers.mismatch(2) == Dimensions{2, 4, 3, 2});
    CHECK(layers.mismatch(1) == nullptr);
}

TEST_CASE("a folder without a layer's file, or none at all, is refused") {
    const Dumps dumps;
    dumps.write("other.npy", {4});
    CHECK_THROWS_WITH(dumps.layers(1), Catch::Contains("no file of a layer"));
    CHECK_THROWS_AS(DumpedLayers(dumps / "nowhere", graph_of<Network>, 1), Error);
}
