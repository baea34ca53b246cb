#include <taxon/app/tensor/typed_file.hpp>

#include <limits>

#include "app/tensor/program.hpp"
#include "catch.hpp"

using namespace taxon;
using onnx::DataType;
using onnx::PortType;

namespace {

/// Writes a tensor of whole numbers.
void write_whole(const std::string& path, DataType type, const Dimensions& shape,
                 const std::vector<std::int64_t>& numbers) {
    onnx::Tensor tensor(type, shape);
    std::ranges::copy(numbers, tensor.writable<std::int64_t>().begin());
    write_text(path, onnx::npy_bytes(tensor, "test"));
}

}  // namespace

TEST_CASE("floats are written in each type of .npy files, and read back as the same floats") {
    const TestFolder folder;
    const std::string file = folder / "x.npy";
    for (const auto& [element, type] : onnx::npy_types) {
        const PortType port(type, {2, 2});
        const std::vector<float> numbers = type == DataType::boolean ? std::vector<float>{0, 1, 1, 0}
                                           : onnx::is_floating(type) ? std::vector<float>{-1.5f, 0.25f, 100, 7}
                                                                     : std::vector<float>{0, 1, 100, 7};
        write_text(file, app::typed_npy(numbers, port, "y"));
        INFO(onnx::name_of(type));
        CHECK(onnx::read_npy(file).type() == type);
        CHECK(onnx::read_npy(file).shape() == Dimensions{2, 2});
        CHECK(app::read_typed(file, port, "x").numbers == numbers);
    }
    CHECK_THROWS_AS(onnx::npy_bytes(onnx::Tensor(DataType::uint32, {1}), "y"), Error);
}

TEST_CASE("whole numbers that floats do not hold are refused, in files and in results") {
    const TestFolder folder;
    const std::string file = folder / "x.npy";
    const PortType port(DataType::int64, {1});
    for (const std::int64_t number : {4194304, -4194304}) {
        write_whole(file, DataType::int64, {1}, {number});
        CHECK(app::read_typed(file, port, "x").numbers == std::vector{static_cast<float>(number)});
    }
    for (const std::int64_t number : {std::int64_t{4194305}, std::numeric_limits<std::int64_t>::min()}) {
        write_whole(file, DataType::int64, {1}, {number});
        CHECK_THROWS_AS(app::read_typed(file, port, "x"), Error);
    }
    for (const float number : {16777218.f, -16777218.f, .5f, std::nanf(""), -std::numeric_limits<float>::infinity()})
        CHECK_THROWS_AS(app::typed_npy(std::vector{number}, port, "y"), app::CheckFailed);
}

TEST_CASE("a network that was an .onnx file takes and gives that one's types and shapes, with its own weights") {
    const TestFolder folder;
    write_whole(folder / "ids.npy", DataType::int64, {2, 2}, {-3, 0, 1, 70000});
    const std::vector<std::string> infer{"infer",        "--tensor",     "ids=" + folder / "ids.npy",
                                         "--output-dir", folder / "out", "--quiet"};
    CHECK(run_typed_tensors(infer).code == 2);  // no weights
    CHECK(run_typed_tensors(infer, "no/such/file.safetensors").code == 3);
    const auto outcome = run_typed_tensors(infer, "synthetic");
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK((outcome.out + outcome.err).empty());
    const onnx::Tensor ids = onnx::read_npy(folder / "out/a_b.npy"), truth = onnx::read_npy(folder / "out/a_b_2.npy"),
                       numbers = onnx::read_npy(folder / "out/numbers.npy");
    CHECK((ids.type() == DataType::int64 && ids.shape() == Dimensions{1, 2, 2}));
    CHECK(ids.integers() == Dimensions{0, 0, 1, 70000});
    CHECK((truth.type() == DataType::boolean && truth.shape() == Dimensions{4}));
    CHECK(truth.integers() == Dimensions{0, 0, 1, 1});
    CHECK((numbers.type() == DataType::float16 && numbers.shape() == Dimensions{3, 1}));
    CHECK(run_typed_tensors({"perf", "--iterations", "1", "--warmup", "0"}, "synthetic").code == 0);
    CHECK(contains(run_typed_tensors({"infer", "--help"}, "there/my.safetensors").out, "there/my.safetensors"));
}

TEST_CASE("a wrong name, type, shape or number for such a network is one line") {
    const TestFolder folder;
    write_whole(folder / "ids.npy", DataType::int64, {2, 2}, {1, 2, 3, 4});
    write_whole(folder / "narrow.npy", DataType::int32, {2, 2}, {1, 2, 3, 4});
    write_whole(folder / "flat.npy", DataType::int64, {4}, {1, 2, 3, 4});
    write_whole(folder / "large.npy", DataType::int64, {2, 2}, {1, 2, 3, 1 << 25});
    struct Case {
        std::vector<std::string> more;
        int code;
        std::string part;
    };
    const Case cases[] = {
        {{"--tensor", "id=" + folder / "ids.npy"},
         3,
         "found an input 'id', wanted one of the network's: ids int64 (2, 2), "},
        {{"--tensor", "ids=" + folder / "narrow.npy"}, 3, "found int32 (2, 2), wanted int64 (2, 2)"},
        {{"--tensor", "ids=" + folder / "flat.npy"}, 3, "found int64 (4), wanted int64 (2, 2)"},
        {{"--tensor", "ids=" + folder / "large.npy"}, 3, "found 33554432, wanted whole numbers up to 4194304"},
        {{"--tensor", "ids=" + folder / "none.npy"}, 3, "none.npy"},
        {{"--tensor", "ids=" + folder / "ids.npy", "--batch", "2"}, 2, "--batch"},
        {{"--tensor", "unused=" + folder / "ids.npy"}, 3, "found int64 (2, 2), wanted float16 (1, 2)"},
        {{}, 2, "found no input"}};
    for (const Case& c : cases) {
        std::vector<std::string> arguments{"infer", "--output-dir", folder / "none"};
        arguments.insert(arguments.end(), c.more.begin(), c.more.end());
        const auto outcome = run_typed_tensors(arguments, "synthetic");
        INFO(outcome.err);
        CHECK(outcome.code == c.code);
        CHECK(contains(outcome.err, c.part));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    }
    CHECK_FALSE(std::filesystem::exists(folder / "none"));
}
