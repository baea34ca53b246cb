#include <taxon/task/classify.hpp>

#include <taxon/any_model_of.hpp>
#include <taxon/detect/picture_encoder.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/image_file.hpp>
#include <taxon/preprocess/steps.hpp>
#include <taxon/task/detect.hpp>
#include <taxon/task/draw.hpp>
#include <taxon/task/label.hpp>
#include <thread>

#include "app/program.hpp"
#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"
#include "task/overflowing_weights.hpp"
#include "task/picture_of.hpp"
#include "text/small_vocabulary.hpp"

using namespace taxon;
using picture_bytes::fault_of;

namespace {

struct Network {
    static constexpr Shape input{3, 16, 16};
    using Layers = Sequential<Conv2d<3, 8, 3, 2>, ReLU, Conv2d<8, 16, 3>, GlobalAveragePool, Linear<16, 7>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

struct Map {
    static constexpr Shape input{3, 16, 16};
    static constexpr void trace(Tracer& tracer) { Conv2d<3, 8, 3, 2>::trace(tracer); }
};

using Preprocess = preprocess::Steps<preprocess::Resize<16>, preprocess::ScaleTo01>;
using One = Model<Network, Preprocess>;
using OneMap = Model<Map, Preprocess>;
using UpToThree = Model<Network, Preprocess, shape::Mutable<1, 3>>;
using Three = Model<Network, Preprocess, shape::Fixed<3>>;

const io::SyntheticWeights weights("classify");
const std::vector<std::string> names{"tench", "goldfish", "great white shark", "ray", "cock", "hen", "ostrich"};

std::vector<std::filesystem::path> written(const TestFolder& folder, const std::vector<Image>& pictures) {
    std::vector<std::filesystem::path> files;
    for (const Image& picture : pictures) {
        files.push_back(folder.path() / (std::to_string(files.size()) + ".png"));
        write_text(files.back(), detect::encode_png(picture));
    }
    return files;
}

}  // namespace

TEST_CASE("a picture's likeliest classes are those of the model's logits, by their names") {
    const auto model = One::load(weights);
    for (const Image& picture : odd_pictures()) {
        const auto best = task::classify(model, picture, {.top = 3, .labels = names});
        const auto ranked = eval::top_k(model(picture), 3);
        REQUIRE(best.size() == 3);
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK(best[i].index == ranked[i].index);
            CHECK(best[i].probability == ranked[i].probability);
            CHECK(best[i].label == names[static_cast<std::size_t>(ranked[i].index)]);
        }
    }
}

TEST_CASE("without labels a class is called by its number, and five are told") {
    const auto model = One::load(weights);
    const auto best = task::classify(model, picture_of(9, 9, 1));
    CHECK(best.size() == 5);
    for (const auto& [label, probability, index] : best) CHECK(label == std::to_string(index));
    CHECK(task::classify(model, picture_of(9, 9, 1), {.top = 100}).size() == 7);
}

TEST_CASE("pictures of a batch are classified as alone, whatever batches the model takes") {
    const auto pictures = odd_pictures();
    const auto one = One::load(weights);
    std::vector<std::vector<task::Prediction>> alone;
    for (const Image& picture : pictures) alone.push_back(task::classify(one, picture));
    CHECK(task::classify(one, pictures) == alone);
    for (const int batch : {1, 2, 3, 8}) {
        CHECK(task::classify(UpToThree::load(weights), pictures, {.batch = batch}) == alone);
        CHECK(task::classify(Three::load(weights), pictures, {.batch = batch}) == alone);
    }
    CHECK(task::classify(one, std::span<const Image>()).empty());
}

TEST_CASE("picture files are classified as the pictures that were written to them") {
    const TestFolder folder;
    const auto pictures = odd_pictures();
    const auto files = written(folder, pictures);
    const auto model = UpToThree::load(weights);
    CHECK(task::classify(model, files) == task::classify(model, pictures));
    CHECK(task::classify(model, files[0].string()) == task::classify(model, pictures[0]));
    CHECK(task::classify(model, files[2].c_str(), {.top = 1}) == task::classify(model, pictures[2], {.top = 1}));
}

TEST_CASE("a workspace may be given, and a model shared by threads") {
    const auto model = One::load(weights, {.threads = 1});
    const auto pictures = odd_pictures();
    const auto wanted = task::classify(model, pictures);
    One::Workspace workspace;
    CHECK(task::classify({model, workspace}, pictures) == wanted);
    CHECK(task::classify({model, workspace}, pictures[1]) == wanted[1]);
    std::vector<std::vector<task::Prediction>> of_thread;
    std::thread([&] { of_thread = task::classify(model, pictures); }).join();
    CHECK(of_thread == wanted);
}

TEST_CASE("a picture that cannot be classified is named") {
    const TestFolder folder;
    const auto model = UpToThree::load(weights);
    auto files = written(folder, odd_pictures());
    CHECK(fault_of([&] { task::classify(model, folder / "none.png"); }) == Fault::io);
    files[5] = folder.path() / "text.png";
    write_text(files[5], "no picture");
    CHECK_THROWS_WITH(task::classify(model, files), Catch::Contains("text.png: "));
    CHECK_THROWS_WITH(task::classify(model, Image{}), Catch::StartsWith("picture 0: "));
    const std::vector<Image> pictures{picture_of(2, 2, 1), {}};
    CHECK_THROWS_WITH(task::classify(model, pictures), Catch::StartsWith("picture 1: "));
    CHECK(fault_of([&] { task::classify(model, pictures); }) == Fault::shape);
}

TEST_CASE("logits that are no numbers are an error, alone and in a batch") {
    const auto model = UpToThree::load(OverflowingWeights("0.weight"));
    CHECK(fault_of([&] { task::classify(model, picture_of(5, 4, 1)); }) == Fault::value);
    CHECK(fault_of([&] { task::classify(model, odd_pictures()); }) == Fault::value);
    CHECK_THROWS_WITH(task::classify(model, odd_pictures()), Catch::StartsWith("picture 0: logit 0: "));
}

TEST_CASE("R6: one number is no class") {
    const task::ClassLabels labels({}, 1);
    CHECK(fault_of([&] { task::predictions(std::vector<float>{3}, 1, labels); }) == Fault::usage);
}

TEST_CASE("R2: no class is predicted where a number in the middle of the network overflows") {
    for (const char* parameter : {"0.weight", "2.weight"}) {
        INFO(parameter);
        const auto model = One::load(OverflowingWeights(parameter));
        CHECK(fault_of([&] { task::classify(model, picture_of(5, 4, 1)); }) == Fault::value);
    }
}

TEST_CASE("labels of another number of classes, and fewer classes than one, are refused") {
    const auto model = One::load(weights);
    const std::vector<std::string> few{"cat", "dog"};
    CHECK(fault_of([&] { task::classify(model, picture_of(5, 4, 1), {.labels = few}); }) == Fault::mismatch);
    CHECK(fault_of([&] { task::classify(model, picture_of(5, 4, 1), {.top = 0}); }) == Fault::usage);
}

TEST_CASE("a model behind AnyModel classifies as the Model does, and no texts and boxes") {
    const auto pictures = odd_pictures();
    const auto model = UpToThree::load(weights);
    const std::unique_ptr<AnyModel> any = any_model_of(UpToThree::load(weights));
    CHECK(task::classify(*any, pictures, {.labels = names}) == task::classify(model, pictures, {.labels = names}));
    CHECK(task::classify(*any, pictures[0]) == task::classify(model, pictures[0]));
    const auto workspace = any->make_workspace();
    CHECK(task::classify({*any, *workspace}, pictures, {.batch = 2}) == task::classify(model, pictures));
    CHECK_THROWS_WITH(task::detect(*any, pictures[0]), Catch::StartsWith("detect: [usage] found a network that gives"));
    CHECK_THROWS_WITH(task::label(*any, small_vocabulary(), "a"), Catch::StartsWith("task: [usage] found a network"));

    const auto without_policy = any_model_of(Model<Network>::load(weights)), map = any_model_of(OneMap::load(weights));
    for (const AnyModel* other : {without_policy.get(), map.get()})
        CHECK(fault_of([&] { task::classify(*other, pictures[0]); }) == Fault::usage);
}

TEST_CASE("a prediction is drawn as its class") {
    Image picture = picture_of(64, 48, 7), wanted = picture;
    task::draw(picture, task::Prediction{"hen", 0.625, 5});
    detect::draw_class(wanted, 5, 0.625f, "hen");
    CHECK(picture.pixels == wanted.pixels);
}
