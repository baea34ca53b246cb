#include <taxon/onnx/writer/header.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "allocations.hpp"
#include "catch.hpp"
#include "onnx/writer/graph_network.hpp"
#include "onnx/writer/networks.hpp"
#include "source_folder.hpp"

// What `import_onnx write` has made of the networks; see below.
#include "onnx/writer/written/dense_net.txt"
#include "onnx/writer/written/picture_net.txt"
#include "onnx/writer/written/block_net.txt"
#include "onnx/writer/written/branch_net.txt"

using namespace taxon;
using namespace taxon::test;

namespace {

template <class Architecture>
TracedGraph traced() {
    return TracedGraph({Architecture::inputs.begin(), Architecture::inputs.end()}, Architecture::trace);
}

/// The header of a network is the file of that name, and its graph the network's. TAXON_WRITE_GOLDEN=1 writes the
/// files anew.
template <class Architecture, class Written>
void check(const std::string& type, const std::string& file) {
    const TracedGraph hand_written = traced<Architecture>();
    REQUIRE(hand_written.problem() == "");
    const onnx::Network network = network_of(hand_written.graph());
    const TracedGraph data = network.traced();
    CHECK(difference_of(data.graph(), hand_written.graph()) == "");
    CHECK(difference_of(data.graph(), traced<Written>().graph()) == "");

    const std::string header = onnx::written_header(network, type);
    const std::filesystem::path path = source_folder() / "tests/onnx/writer/written" / file;
    if (std::getenv("TAXON_WRITE_GOLDEN") != nullptr) std::ofstream(path) << header;
    std::ifstream golden(path);
    CHECK(header == std::string(std::istreambuf_iterator<char>(golden), {}));
    CHECK(onnx::written_header(network, type) == header);
    for (std::size_t begin = 0, end; (end = header.find('\n', begin)) != header.npos; begin = end + 1)
        CHECK(end - begin <= 120);
}

onnx::Network one_layer(const std::string& name) {
    onnx::Network network;
    network.inputs.push_back({"x", onnx::DataType::float32, {1, 2, 3, 3}, {2, 3, 3}, 0});
    network.layers.push_back({.name = name,
                              .node = {.op = Op::activation, .activation = Activation::relu},
                              .out = {2, 3, 3},
                              .operands = {0},
                              .shape = {1, 2, 3, 3}});
    network.outputs.push_back({"y", onnx::DataType::float32, {1, 2, 3, 3}, {2, 3, 3}, 1});
    return network;
}
std::string refusal(const onnx::Network& network) {
    try {
        return onnx::written_header(network, "Net");
    } catch (const Error& error) { return error.what(); }
}
bool contains(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("The header of each layer of pictures makes the same node") {
    check<PictureLayers, imported::PictureNet>("PictureNet", "picture_net.txt");
}

TEST_CASE("The header of each operation on dense values makes the same node") {
    check<DenseOperations, imported::DenseNet>("DenseNet", "dense_net.txt");
}

TEST_CASE("Blocks that repeat are written once, as functions of what differs") {
    check<RepeatedBlocks, imported::BlockNet>("BlockNet", "block_net.txt");
}

TEST_CASE("A block within a block of several sizes takes these over") {
    check<BlocksInBlocks, imported::BranchNet>("BranchNet", "branch_net.txt");
}

TEST_CASE("A header is readable code whatever the names are") {
    const std::string odd = "a?\?=\"b\"\\c\n\xc3\xa9";
    CHECK(contains(onnx::written_header(one_layer(odd), "Net"), R"("a?\?=\"b\"\\c\012\303\251")"));
    // a path may have any length below a tracer's
    const std::string long_name(Tracer::longest_path - 1, 'n');
    CHECK(contains(onnx::written_header(one_layer(long_name), "Net"), long_name));
    CHECK(contains(refusal(one_layer(long_name + "n")), "wants a name of less than"));
    // variables are called after layers, but not like what they call
    onnx::Network network = one_layer("a.class");
    for (const char* name : {"b.apply.relu", "c.downsample.relu", "d.dense.relu", "e.x.relu"}) {
        network.layers.push_back(network.layers[0]);
        network.layers.back().name = name;
        network.outputs.push_back(network.outputs[0]);
        network.outputs.back().name = name;
        network.outputs.back().value = static_cast<int>(network.layers.size());
    }
    const std::string header = onnx::written_header(network, "Net");
    CHECK(contains(header, "Value downsample = apply<ReLU>(t, \"c.downsample.relu\", x);"));
    for (const char* word : {"Value class", "Value apply", "Value x = apply<ReLU>(t, \"e"})
        CHECK(!contains(header, word));
}

TEST_CASE("A network may have hundreds of outputs") {
    onnx::Network network = one_layer("relu");
    network.outputs.clear();
    for (int i = 0; i < Tracer::most_outputs; ++i)
        network.outputs.push_back({"y" + std::to_string(i), onnx::DataType::float32, {1, 2, 3, 3}, {2, 3, 3}, 1});
    CHECK(contains(onnx::written_header(network, "Net"), "t.output(\"y255\", x);"));
    network.outputs.push_back({"more", onnx::DataType::float32, {1, 2, 3, 3}, {2, 3, 3}, 1});
    CHECK(contains(refusal(network), "more than 256 outputs"));
}

TEST_CASE("A header takes work linear in its network, however little of it repeats") {
    const auto work_of = [](int count, unsigned operators) {
        onnx::Network network = one_layer("0");
        std::mt19937 random(1);
        for (int i = 1; i < count; ++i) {
            network.layers.push_back(network.layers[0]);
            network.layers.back().name = std::to_string(i);
            network.layers.back().node.activation =
                static_cast<Activation::Kind>(Activation::hard_sigmoid + random() % operators);
            network.layers.back().operands = {i};
        }
        network.outputs[0].value = count;
        return bytes_allocated_by([&] { onnx::written_header(network, "Net"); });
    };
    for (const unsigned operators : {1U, 2U, 6U}) CHECK(work_of(1600, operators) <= 3 * work_of(800, operators));
}

TEST_CASE("A type's name is one of C++ that the header does not use otherwise") {
    for (const char* name : {"", "9Net", "Net-2", "class", "_Net", "Net__2", "ReLU"})
        CHECK_THROWS_AS(onnx::written_header(one_layer("a"), name), Error);
    CHECK(contains(onnx::written_header(one_layer("a"), "HTTPNet2Go"), "httpnet2_go.safetensors"));
}
