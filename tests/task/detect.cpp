#include <taxon/task/detect.hpp>

#include <taxon/any_model_of.hpp>
#include <taxon/detect/picture_encoder.hpp>
#include <taxon/detect/table.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/boxes.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/image_file.hpp>
#include <taxon/preprocess/letterbox.hpp>
#include <taxon/preprocess/steps.hpp>
#include <taxon/task/classify.hpp>
#include <taxon/task/draw.hpp>

#include "app/program.hpp"
#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"
#include "task/overflowing_weights.hpp"
#include "task/picture_of.hpp"

using namespace taxon;
using picture_bytes::fault_of;

namespace {

template <int Classes>
struct Network {
    static constexpr Shape input{3, 64, 64};
    using Layers = Sequential<Conv2d<3, 8, 4, 4>, SiLU, Conv2d<8, 2 * (5 + Classes), 3, 2, 1, true>,
                              Boxes<Classes, 8, BoxCode::yolov5, 10, 13, 30, 61>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

using Model3 = Model<Network<3>, preprocess::Letterbox<64>, shape::Mutable<1, 4>>;

const io::SyntheticWeights weights("detect", 6);
constexpr detect::Profile many{.name = "many", .confidence = 0.2f, .overlap = 0.6, .every_class = true};

/// Step by step: every score decoded, every row looked at.
template <class M>
std::vector<detect::Detection> detections_of(const M& model, const Image& picture, const detect::Profile& profile) {
    auto rows = model(picture);
    constexpr auto columns = static_cast<std::size_t>(M::output_shape.channels);
    detect::decode_scores(rows, columns);
    return detect::detections(rows, columns, profile, M::Preprocess::fit(picture.height, picture.width));
}

}  // namespace

TEST_CASE("what is found in pictures of all shapes is what letterbox, network and suppression say step by step") {
    const auto model = Model3::load(weights);
    std::size_t boxes = 0;
    for (const Image& picture : odd_pictures())
        for (const auto& profile : {detect::demo, many}) {
            const auto objects = task::detect(model, picture, {.profile = profile});
            const auto wanted = detections_of(model, picture, profile);
            REQUIRE(objects.size() == wanted.size());
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                const auto& [label, score, box, index] = objects[i];
                CHECK(detect::Detection{box, score, index} == wanted[i]);
                CHECK(label == std::to_string(index));
                CHECK(box.right <= static_cast<float>(picture.width));
                CHECK(box.bottom <= static_cast<float>(picture.height));
            }
            boxes += wanted.size();
        }
    CHECK(boxes > 20);
}

TEST_CASE("pictures and files of a batch have the objects that they have alone") {
    const TestFolder folder;
    const auto pictures = odd_pictures();
    const auto model = Model3::load(weights);
    std::vector<std::vector<task::DetectedObject>> alone;
    std::vector<std::filesystem::path> files;
    for (const Image& picture : pictures) {
        alone.push_back(task::detect(model, picture, {.profile = many}));
        files.push_back(folder.path() / (std::to_string(files.size()) + ".png"));
        write_text(files.back(), detect::encode_png(picture));
    }
    for (const int batch : {1, 3, 8}) {
        CHECK(task::detect(model, pictures, {.profile = many, .batch = batch}) == alone);
        CHECK(task::detect(model, files, {.profile = many, .batch = batch}) == alone);
    }
    CHECK(task::detect(model, files[0], {.profile = many}) == alone[0]);
    Model3::Workspace workspace;
    CHECK(task::detect({model, workspace}, pictures, {.profile = many}) == alone);
}

TEST_CASE("classes are called by the labels given, else COCO's if there are 80") {
    const std::vector<std::string> labels{"cat", "dog", "bird"};
    const auto few = Model3::load(weights);
    const auto objects = task::detect(few, picture_of(40, 40, 1), {.profile = many, .labels = labels});
    REQUIRE(!objects.empty());
    for (const auto& one : objects) CHECK(one.label == labels[static_cast<std::size_t>(one.index)]);
    CHECK(fault_of([&] { task::detect(few, picture_of(4, 4, 1), {.labels = std::span(labels).first(2)}); }) ==
          Fault::mismatch);

    using Model80 = Model<Network<80>, preprocess::Letterbox<64>>;
    const auto many_classes = task::detect(Model80::load(weights), picture_of(40, 40, 1), {.profile = many});
    REQUIRE(!many_classes.empty());
    for (const auto& one : many_classes) CHECK(one.label == detect::coco_classes[static_cast<std::size_t>(one.index)]);
}

TEST_CASE("a table that is not made of numbers is an error, not a picture without objects") {
    const auto model = Model3::load(OverflowingWeights("0.weight"));
    CHECK(fault_of([&] { task::detect(model, picture_of(5, 4, 1)); }) == Fault::value);
    CHECK_THROWS_WITH(task::detect(model, odd_pictures()), Catch::StartsWith("picture 0: candidate of class "));
}

TEST_CASE("a picture in which nothing can be found is named") {
    const auto model = Model3::load(weights);
    CHECK(fault_of([&] { task::detect(model, "/nowhere/none.jpg"); }) == Fault::io);
    CHECK(fault_of([&] { task::detect(model, Image{}); }) == Fault::shape);
    CHECK_THROWS_WITH(task::detect(model, Image{}), Catch::StartsWith("picture 0: "));
}

TEST_CASE("a detector behind AnyModel finds what the Model finds, and needs its letterbox") {
    const auto pictures = odd_pictures();
    const auto any = any_model_of(Model3::load(weights));
    CHECK(task::detect(*any, pictures, {.profile = many}) ==
          task::detect(Model3::load(weights), pictures, {.profile = many}));
    CHECK_THROWS_WITH(task::classify(*any, pictures[0]), Catch::StartsWith("classify: [usage] found a detector"));
    using Squeezed = Model<Network<3>, preprocess::Steps<preprocess::Resize<64>, preprocess::ScaleTo01>>;
    CHECK_THROWS_WITH(task::detect(*any_model_of(Squeezed::load(weights)), pictures[0]),
                      Catch::StartsWith("detect: [usage] found a model without a letterbox"));
}

TEST_CASE("objects are drawn as detections with their labels are") {
    const auto model = Model3::load(weights);
    const std::vector<std::string> labels{"cat", "dog", "bird"};
    Image picture = picture_of(64, 48, 7), wanted = picture;
    const auto objects = task::detect(model, picture, {.profile = many, .labels = labels});
    task::draw(picture, objects);
    detect::draw(wanted, detections_of(model, wanted, many),
                 [&](int label) { return labels[static_cast<std::size_t>(label)]; });
    CHECK(picture.pixels == wanted.pixels);
    CHECK(picture.pixels != picture_of(64, 48, 7).pixels);
}
