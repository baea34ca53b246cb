#include <taxon/app/console/json.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/onnx/fold.hpp>
#include <taxon/onnx/read_model.hpp>
#include <taxon/onnx/run.hpp>

#include <algorithm>
#include <cmath>

#include "app/text/program.hpp"
#include "catch.hpp"

using namespace taxon;

namespace {

struct Fixture : ModelFolder {
    app::Json exported(const std::vector<std::string>& options) const {
        std::vector<std::string> line{"export-onnx", "--weights", model(), "--output", *this / "x.onnx", "--json", "-"};
        line.insert(line.end(), options.begin(), options.end());
        const auto outcome = run_text_program(line);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return app::Json::parse(outcome.out);
    }

    /// What the file answers for tensors of numbers in a folder.
    std::vector<float> answers(const std::string& folder) const {
        const auto folded =
            onnx::fold(std::make_shared<const onnx::ModelProto>(onnx::read_model(std::string(*this / "x.onnx"))));
        std::vector<onnx::Tensor> inputs;
        for (const auto& port : folded.program.inputs) {
            const auto file = io::read_npy(folder + "/" + port.name + ".npy");
            onnx::Tensor tensor(onnx::DataType::int64, file.shape);
            std::transform(file.numbers.begin(), file.numbers.end(), tensor.writable<std::int64_t>().begin(),
                           [](float number) { return static_cast<std::int64_t>(number); });
            inputs.push_back(std::move(tensor));
        }
        const auto outputs = onnx::run(folded.program, inputs);
        const auto numbers = outputs.front().numbers<float>();
        return {numbers.begin(), numbers.end()};
    }
};

}  // namespace

TEST_CASE("export-onnx writes a text's length, by default the usual one") {
    const Fixture fixture;
    CHECK(fixture.exported({}).at("inputs").at(0).at("shape") == app::Json{1, 128});
    CHECK(fixture.exported({"--sequence", "9", "--dynamic-batch"}).at("inputs").at(2).at("shape") ==
          app::Json{"batch", 9});
}

TEST_CASE("the file of a transformer of integers answers padded texts as it does, within two steps") {
    const Fixture fixture;
    const std::string tokens = fixture / "tokens";
    REQUIRE(run_text_program({"tokenize", "--vocab", fixture.model(), fixture.dev(), "--sequence", "30", "--output-dir",
                              tokens, "--quiet"})
                .code == 0);
    const std::vector<std::string> integers{"--precision", "qint8_mixed_float32", "--calibration-file",
                                            fixture.dev(), "--sequence",          "30"};
    std::vector<std::string> line{"infer", "--weights", fixture.model(),        "--tensor",
                                  tokens,  "--output",  fixture / "logits.npy", "--quiet"};
    line.insert(line.end(), integers.begin(), integers.end());
    const auto outcome = run_text_program(line);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    const auto right = io::read_npy(std::string(fixture / "logits.npy")).numbers;
    const auto [least, most] = std::minmax_element(right.begin(), right.end());
    REQUIRE(right.size() == 40);
    for (const char* opset : {"13", "17"}) {
        std::vector<std::string> options{"--opset", opset, "--batch", "20"};
        options.insert(options.end(), integers.begin(), integers.end());
        CHECK(fixture.exported(options).at("calibration").at("samples") == 20);
        const auto found = fixture.answers(tokens);
        REQUIRE(found.size() == right.size());
        for (std::size_t i = 0; i < found.size(); ++i)
            CHECK(std::abs(found[i] - right[i]) <= 2 * (*most - *least) / 255);
    }
}
