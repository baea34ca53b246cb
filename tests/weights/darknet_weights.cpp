#include <taxon/weights/darknet_weights.hpp>

#include <cstring>
#include <limits>
#include <numeric>
#include <taxon/io/weight_file.hpp>
#include <taxon/model.hpp>
#include <taxon/zoo/yolov3.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/bad_input.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;

namespace {

/// Two convolutions, one with a normalisation, and the boxes of `Classes` classes.
template <int Classes, BoxCode Code = BoxCode::darknet>
struct Small {
    static constexpr Shape input{3, 6, 5};
    using Layers = Sequential<zoo::yolo::Conv<3, 8, 3, 1, LeakyReLU<0.1>, zoo::yolo::darknet_epsilon>,
                              Conv2d<8, 5 + Classes, 1, 1, 1, true>, Boxes<Classes, 8, Code, 10, 13>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

constexpr std::size_t floats = 4 * 8 + 8 * 3 * 9 + 7 + 7 * 8;

std::string header(std::uint32_t minor, std::uint32_t major = 0) {
    return pickled::little(major, 4) + pickled::little(minor, 4) + pickled::little(0, 4) +
           std::string(minor >= 2 ? 8 : 4, '\xFF');
}

/// 1, 2, 3, …
std::string counted(std::size_t count) {
    std::vector<float> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 1.f);
    return {reinterpret_cast<const char*>(numbers.data()), count * sizeof(float)};
}

template <class Network = Small<2>>
DarknetWeights opened(const std::string& bytes) {
    const ScratchFolder folder("darknet_weights");  // a mapped file outlives its name
    return DarknetWeights(folder.write("yolo.weights", bytes), graph_of<Network>);
}

std::vector<float> numbers(const DarknetWeights& weights, std::string_view name) {
    const auto shape = weights.shape_of(name, {});
    REQUIRE(shape);
    std::vector<float> values(io::element_count(*shape));
    weights.read(name, *shape, values);
    return values;
}

template <class Network = Small<2>>
std::string refusal(const std::string& bytes, Fault fault) {
    try {
        opened<Network>(bytes);
    } catch (const Error& error) {
        CHECK(spelt(error.fault()) == spelt(fault));
        return error.what();
    }
    FAIL("nothing thrown");
    return {};
}

}  // namespace

TEST_CASE("Darknet's floats are a normalisation's bias, weight, mean and variance, then the weights, layer by layer") {
    for (const std::uint32_t minor : {1u, 2u}) {
        const DarknetWeights weights = opened(header(minor) + counted(floats));
        CHECK(numbers(weights, "0.bn.bias").front() == 1);
        CHECK(numbers(weights, "0.bn.weight").front() == 9);
        CHECK(numbers(weights, "0.bn.running_mean").front() == 17);
        CHECK(numbers(weights, "0.bn.running_var").front() == 25);
        CHECK(numbers(weights, "0.conv.weight").front() == 33);
        CHECK(numbers(weights, "0.conv.weight").back() == 248);
        CHECK(numbers(weights, "1.bias") == std::vector<float>{249, 250, 251, 252, 253, 254, 255});
        CHECK(numbers(weights, "1.weight").back() == static_cast<float>(floats));
        CHECK(weights.names().size() == 7);
        CHECK_FALSE(weights.shape_of("0.bn.num_batches_tracked", {}));
        CHECK_NOTHROW(Parameters(graph_of<Small<2>>, weights));
    }
}

TEST_CASE("Darknet's weights run, with the anchors of the type") {
    const DarknetWeights weights = opened(header(2) + std::string(floats * sizeof(float), '\0'));
    const auto rows = Model<Small<2>>::load(weights)(std::vector<float>(90));
    REQUIRE(rows.size() == 30 * 7);
    CHECK(rows[7] == Approx(12));
    CHECK(rows[7 + 2] == Approx(10));
    CHECK(rows[7 + 3] == Approx(13));
}

TEST_CASE("files that are not this network's are refused, each with its fault and place") {
    const std::vector<BadInput> rows{
        {"D01 seven bytes", header(2).substr(0, 7), Fault::truncated, "header, byte 4"},
        {"D01 fifteen bytes", header(2).substr(0, 15), Fault::truncated, "header, byte 12"},
        {"D02 version 0.0", std::string(12, '\0'), Fault::version, "header"},
        {"D02 version 0.9", header(9) + counted(floats), Fault::version, "header"},
        {"D02 version -1.2", header(2, 0xFFFFFFFFu) + counted(floats), Fault::version, "header"},
        {"D02 version 1001.0", header(0, 1001) + counted(floats), Fault::version, "header"},
        {"D03 a float too few", header(2) + counted(floats - 1), Fault::truncated, "weights"},
        {"D03 a float too many", header(2) + counted(floats + 1), Fault::unused, "weights"},
        {"D03 a byte too many", header(2) + counted(floats) + "x", Fault::truncated, "weights"},
        {"D04 four classes", header(2) + counted(floats + 2 * 9), Fault::mismatch, "classes"},
        {"D04 one class", header(2) + counted(floats - 9), Fault::mismatch, "classes"},
    };
    for (const BadInput& row : rows) check_refused(row, [&] { opened(row.bytes); });
    CHECK(refusal(header(2) + counted(floats + 2 * 9), Fault::mismatch).find("found weights for 4, wanted 2") !=
          std::string::npos);
    CHECK(refusal(header(2) + counted(floats - 1), Fault::truncated).find("310 floats, wanted 311") !=
          std::string::npos);
    CHECK(refusal<Small<2, BoxCode::yolov5>>(header(2) + counted(floats), Fault::mismatch).find("zoo::Yolov3Darknet") !=
          std::string::npos);
    // D06: as many pictures seen as fit the field
    CHECK_NOTHROW(opened(header(2) + counted(floats)));
}

TEST_CASE("D05: numbers that Darknet would hide are refused by layer and index") {
    const auto place = [](std::size_t at, float number) {
        std::string bytes = header(2) + counted(floats);
        std::memcpy(bytes.data() + header(2).size() + at * sizeof(float), &number, sizeof number);
        const DarknetWeights weights = opened(bytes);
        const Error error = error_of([&] { Model<Small<2>>::load(weights); });
        CHECK(spelt(error.fault()) == "value");
        return error.facts().place;
    };
    const float infinite = std::numeric_limits<float>::infinity();
    CHECK(place(24, -1) == "layer '0.conv', element 0 of 0.bn.running_var");
    CHECK(place(3, infinite) == "layer '0.conv', element 3 of 0.bn.bias");
    CHECK(place(33, -infinite) == "layer '0.conv', element 1 of 0.conv.weight");
    CHECK(place(248, std::numeric_limits<float>::quiet_NaN()) == "layer '1', element 0 of 1.bias");
}

TEST_CASE("a weight file that is Darknet's says so") {
    const ScratchFolder folder("darknet_weights");
    const auto path = folder.write("yolo.weights", header(2) + counted(floats));
    try {
        io::WeightFile::open(path);
        FAIL("nothing thrown");
    } catch (const Error& error) {
        CHECK(error.fault() == Fault::magic);
        CHECK(error.facts().found == "Darknet's weights, which have no names");
    }
}

TEST_CASE("YOLOv3's weights take as many floats as Darknet's published file") {
    constexpr GraphView graph = graph_of<zoo::Yolov3Darknet<>>;
    std::size_t count = 0;
    for (const Parameter& p : graph.parameters)
        if (p.role == Role::trained || p.role == Role::statistic) count += static_cast<std::size_t>(p.count());
    CHECK(count == 62'001'757);
}

TEST_CASE("R16: Darknet's other networks are told apart by name", "[cases]") {
    constexpr std::size_t tiny = 8'858'734, pyramid = 63'052'381, of_class = 3 * (513 + 257);
    for (const auto& [count, name] : {std::pair{tiny, "those of YOLOv3-tiny for 80 classes"},
                                      std::pair{tiny - 79 * of_class, "those of YOLOv3-tiny for 1 classes"},
                                      std::pair{pyramid, "those of YOLOv3-SPP for 80 classes"}}) {
        const std::string error = refusal(header(2) + std::string(count * sizeof(float), '\0'), Fault::mismatch);
        CHECK(error.find(name) != std::string::npos);
    }
    CHECK(refusal(header(2) + std::string(62'001'757 * sizeof(float), '\0'), Fault::unused).find("YOLOv3") ==
          std::string::npos);
}
