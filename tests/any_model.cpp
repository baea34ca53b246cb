#include <taxon/any_model.hpp>

#include <filesystem>
#include <taxon/any_model_of.hpp>
#include <taxon/io/offline_writer.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/preprocess/steps.hpp>

#include "backend/against_reference.hpp"
#include "networks.hpp"
#include "eval/scratch_folder.hpp"

using namespace taxon;

namespace {

struct Classes {
    static constexpr Shape input{3, 8, 8};
    using Layers = Sequential<Conv2d<3, 8, 3, 2>, ReLU, GlobalAveragePool, Linear<8, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

using Classifier =
    Model<Classes, preprocess::Steps<preprocess::Resize<8>, preprocess::ScaleTo01>, shape::Mutable<1, 4>>;
using Quantized = Model<Classes, precision::QInt8MixedFloat32>;

const io::SyntheticWeights weights("any");

std::vector<float> samples(std::size_t count) { return io::synthetic_input("any", "input", count * 3 * 8 * 8); }

}  // namespace

TEST_CASE("a model behind AnyModel is the Model: its shapes, graph and plan, and its bytes") {
    const auto model = Classifier::load(weights);
    const auto any = ModelLoader<Classifier>::load(weights, {});
    CHECK(any->input_shape() == Classifier::input_shape);
    CHECK(any->output_shape() == Classifier::output_shape);
    CHECK(any->graph().nodes.data() == Classifier::graph.nodes.data());
    CHECK(any->plan().steps.data() == Classifier::Engine::plan.steps.data());
    CHECK(any->isa() == model.engine().isa());
    for (const std::size_t count : {1u, 3u}) CHECK(same_bytes((*any)(samples(count)), model(samples(count))));

    const Image picture{.height = 5, .width = 7, .pixels = std::vector<std::uint8_t>(5 * 7 * 3, 90)};
    CHECK(same_bytes((*any)(picture), model(picture)));
}

TEST_CASE("AnyModel runs in a workspace of the caller, in the instruction set that is asked for") {
    const auto any = ModelLoader<Classifier>::load(weights, {.isa = "portable", .threads = 1});
    CHECK(any->isa() == "portable");
    const auto workspace = any->make_workspace();
    std::vector<float> outputs(2 * 5);
    any->run(samples(2), outputs, *workspace);
    const auto model = Classifier::load(weights, {.isa = cpu::Isa::portable, .threads = 1});
    CHECK(same_bytes(outputs, model(samples(2))));
    CHECK(error_of([&] { any->run(std::vector<float>(7), outputs, *workspace); }).fault() == Fault::shape);
    CHECK(error_of([&] { ModelLoader<Classifier>::load(weights, {.isa = "sse9"}); }).fault() == Fault::usage);
}

TEST_CASE("AnyModel writes an offline file, with sections of the caller's own, that opens as the same model") {
    const auto path = std::filesystem::temp_directory_path() / ("any-" + std::to_string(::getpid()) + ".taxon");
    const auto any = ModelLoader<Classifier>::load(weights, {});
    const std::string notes = "of the caller";
    const io::OfflineSection more[] = {{"notes", std::as_bytes(std::span(notes))}};
    any->save(path, more);
    const auto file = std::make_shared<const io::OfflineFile>(io::OfflineFile::open(path));
    const auto section = file->section("notes");
    CHECK(std::string(reinterpret_cast<const char*>(section.data()), section.size()) == notes);
    CHECK(same_bytes((*ModelLoader<Classifier>::open(file, {}))(samples(1)), (*any)(samples(1))));
    any->save(path);
    CHECK(same_bytes((*ModelLoader<Classifier>::open(path, {}))(samples(1)), (*any)(samples(1))));
    std::filesystem::remove(path);
}

TEST_CASE("a quantized model behind AnyModel wants the ranges of its values") {
    const auto error = error_of([] { ModelLoader<Quantized>::load(weights, {}); });
    CHECK(error.fault() == Fault::usage);
    CHECK(std::string(error.what()).find("ranges") != std::string::npos);
    const auto any = ModelLoader<Quantized>::load(weights, {{0, {-1, 1}}, {2, {0, 4}}}, {});
    CHECK((*any)(samples(1)).size() == 5);
}

TEST_CASE("a picture for a network without a Preprocess policy is refused") {
    const auto any = any_model_of(Model<Classes>::load(weights));
    const Image picture{.height = 8, .width = 8, .pixels = std::vector<std::uint8_t>(8 * 8 * 3)};
    CHECK(error_of([&] { (*any)(picture); }).fault() == Fault::usage);
}
