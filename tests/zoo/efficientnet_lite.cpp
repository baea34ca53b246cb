#include <taxon/zoo/efficientnet_lite.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <taxon/app/model/entry.hpp>
#include <taxon/eval/labels.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/safetensors.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/preprocess/image_file.hpp>
#include <taxon/task/classify.hpp>

#include "catch.hpp"
#include "shared_data.hpp"
#include "zoo/golden_modules.hpp"

using namespace taxon;

namespace {

/// EfficientNet-Lite0 as the example was compiled with it, on every instruction set of this processor.
template <class Check>
void on_every_set(const WeightSource& weights, Check check) {
    const auto models = app::built_models();
    const auto lite0 = std::ranges::find_if(models, [](const app::ModelEntry& entry) {
        return entry.variant == "lite0" && entry.precision == precision::Float32::name && entry.backend == "cpu";
    });
    REQUIRE(lite0 != models.end());
    for (const auto isa : cpu::all_isas) {
        if (!cpu::supported(isa)) continue;
        INFO(cpu::name_of(isa));
        check(*lite0->load(weights, {}, {.isa = std::string(cpu::name_of(isa)), .threads = 1}));
    }
}

std::vector<float> logits_of(const AnyModel& model, std::span<const float> inputs, std::size_t count) {
    std::vector<float> all;
    for (std::size_t i = 0; i < count; ++i) {
        const auto one = model(inputs.subspan(i * inputs.size() / count, inputs.size() / count));
        all.insert(all.end(), one.begin(), one.end());
    }
    return all;
}

const auto root = source_folder();

}  // namespace

TEST_CASE("EfficientNet-Lites have as many parameters as published") {
    STATIC_REQUIRE(graph_of<zoo::EfficientNetLite0<>>.parameter_count() == 4'652'008);
    STATIC_REQUIRE(graph_of<zoo::EfficientNetLite1<>>.parameter_count() == 5'416'680);
    STATIC_REQUIRE(graph_of<zoo::EfficientNetLite2<>>.parameter_count() == 6'092'072);
    STATIC_REQUIRE(graph_of<zoo::EfficientNetLite0<>>.flops() == 770'375'104);
}

TEST_CASE("EfficientNet-Lite0 has the names and shapes of its package") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto facts = nlohmann::ordered_json::parse(std::ifstream(*shared / "golden/efficientnet_lite0/lite0.json"));
    constexpr GraphView graph = graph_of<zoo::EfficientNetLite0<>>;
    check_order(graph, facts);
    std::map<std::string, Shape> layers;
    for (const Node& node : graph.nodes) layers.emplace(graph.name(node), node.out);
    for (const auto& [name, module] : facts.at("modules").items()) {
        INFO(name);
        const Shape shape = layers.at(name);
        const std::vector<int> found{1, shape.channels, shape.height, shape.width};
        const auto wanted = module.at("shape").get<std::vector<int>>();
        CHECK(std::equal(wanted.begin(), wanted.end(), found.begin()));
    }
}

TEST_CASE("EfficientNet-Lite0 with its published weights gives PyTorch's logits") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto folder = *shared / "golden/efficientnet_lite0";
    const auto golden = io::WeightFile::open(folder / "lite0.safetensors");
    const auto numbers = [&](const std::string& name) {
        const auto shape = golden.shape_of(name, {});
        std::vector<float> values(io::element_count(*shape));
        golden.read(name, *shape, values);
        return values;
    };
    const auto generated = numbers("generated/logits"), of_crops = numbers("crop_logits");

    // The crops are bytes, (N, H, W, C).
    const io::MappedFile file(folder / "lite0.safetensors");
    const auto stored = io::Safetensors::read(file.bytes());
    const auto crops = std::ranges::find(stored.tensors, "crops", &io::StoredTensor::name);
    REQUIRE(crops != stored.tensors.end());
    constexpr std::size_t pixels = 224 * 224, count = 5;
    REQUIRE(crops->bytes.size() == count * 3 * pixels);
    std::vector<float> prepared(crops->bytes.size());
    for (std::size_t i = 0; i < prepared.size(); ++i)
        prepared[(i / (3 * pixels) * 3 + i % 3) * pixels + i / 3 % pixels] =
            (static_cast<float>(std::to_integer<int>(crops->bytes[i])) - 127) / 128;
    const auto input = io::synthetic_input("", "input", 3 * pixels);

    on_every_set(io::WeightFile::open(*shared / "models/efficientnet-lite0-57934424.pth"), [&](const AnyModel& model) {
        // The generated input is far from any picture: PyTorch's own float32 is 8.5e-6 from double there.
        CHECK(Golden::difference(logits_of(model, input, 1), generated) <= Golden::allowed);
        CHECK(Golden::difference(logits_of(model, prepared, count), of_crops) <= Golden::allowed);
    });
}

/// PyTorch's probabilities with the embedded weights; the pictures are PNG, so decoding changes nothing.
TEST_CASE("EfficientNet-Lite0's embedded weights name what the sample pictures show") {
    const auto labels = eval::read_labels(root / "examples/efficientnet_lite/imagenet_classes.txt", 1000);
    const auto weights = io::WeightFile::open(root / "examples/efficientnet_lite/efficientnet_lite0.safetensors");
    struct Answer {
        const char *file, *label;
        double probability;
    };
    on_every_set(weights, [&](const AnyModel& model) {
        for (const auto [file, label, probability] :
             {Answer{"chelsea.png", "tiger cat", 0.393236}, Answer{"coffee.png", "espresso", 0.950562},
              Answer{"camera.png", "tripod", 0.935904}}) {
            const auto best = task::classify(model, root / "examples/pictures" / file, {.top = 1, .labels = labels});
            CHECK(best.front().label == label);
            CHECK(std::abs(best.front().probability - probability) < 1e-5);
        }
    });
}
