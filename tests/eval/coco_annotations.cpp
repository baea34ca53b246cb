#include <taxon/eval/coco_annotations.hpp>

#include <functional>
#include <random>

#include <taxon/eval/coco.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "eval/coco_case.hpp"
#include "shared_data.hpp"

using taxon::Fault;
using taxon::test::peak_of;
using namespace taxon::eval;

namespace {

/// The small data set with one piece of its text replaced.
taxon::Error error_with(const std::string& piece, const std::string& other) {
    std::string text = coco_case::annotations_json;
    const auto at = text.find(piece);
    REQUIRE(at != text.npos);
    text.replace(at, piece.size(), other);
    const ScratchFolder folder("coco_annotations");
    const auto path = folder.write("instances.json", text);
    const auto error = error_of([&] { CocoAnnotations::read(path); });
    CHECK(error.facts().file == path.string());
    return error;
}

}  // namespace

TEST_CASE("annotations are read in the order of ids, objects in that of the file") {
    const auto annotations = coco_case::read().annotations;
    REQUIRE(annotations.images().size() == 4);
    CHECK(annotations.images()[0].id == 3);
    CHECK(annotations.images()[0].file == "a.jpg");
    CHECK(annotations.images()[3].id == 40);
    CHECK(annotations.categories() == std::vector<CocoCategory>{{2, "cat"}, {5, "dog"}, {9, "bird"}});
    CHECK(annotations.image(12) == 2);
    CHECK_FALSE(annotations.image(13));
    CHECK(annotations.category(9) == 2);
    CHECK_FALSE(annotations.category(0));

    const auto first = annotations.objects(0);
    REQUIRE(first.size() == 3);
    CHECK(first[1].box == CocoBox{100, 100, 60, 50});
    CHECK(first[1].area == 2900.5);
    CHECK(first[1].category == 0);
    CHECK_FALSE(first[1].crowd);
    CHECK(first[2].category == 1);
    CHECK(annotations.objects(1)[0].crowd);
    CHECK(annotations.objects(2).size() == 2);
    CHECK(annotations.objects(3).empty());
}

TEST_CASE("what is wrong in annotations is said with its place") {
    struct Row {
        std::string piece, other;
        Fault fault;
        std::string place;
    };
    for (const Row& row : std::vector<Row>{
             {"\"area\": 2900.5", "\"surface\": 2900.5", Fault::missing, "annotations[1], field \"area\""},
             {"\"area\": 2900.5", "\"area\": \"2900.5\"", Fault::type, "annotations[1], field \"area\""},
             {"\"area\": 2900.5", "\"area\": 1e999", Fault::type, "annotations[1], field \"area\""},
             {"[100, 100, 60, 50]", "[100, 100, 60]", Fault::type, "annotations[1], field \"bbox\""},
             {"[100, 100, 60, 50]", "[100, null, 60, 50]", Fault::type, "annotations[1], field \"bbox\""},
             {"[100, 100, 60, 50]", "[100, 100, -60, 50]", Fault::value, "annotations[1], field \"bbox\""},
             {"[100, 100, 60, 50]", "7", Fault::missing, "annotations[1], field \"bbox\""},
             {"\"iscrowd\": 1", "\"iscrowd\": 2", Fault::type, "annotations[3], field \"iscrowd\""},
             {"\"iscrowd\": 1", "\"iscrowd\": null", Fault::type, "annotations[3], field \"iscrowd\""},
             {"[100, 100, 60, 50]", "[100, 100, 60, -50]", Fault::value, "annotations[1], field \"bbox\""},
             {"\"image_id\": 12", "\"image_id\": 1e300", Fault::type, "annotations[5], field \"image_id\""},
             {"\"image_id\": 12", "\"image_id\": 13", Fault::mismatch, "annotations[5], field \"image_id\""},
             {"\"image_id\": 12", "\"image_id\": \"12\"", Fault::type, "annotations[5], field \"image_id\""},
             {"\"category_id\": 5", "\"category_id\": 6", Fault::mismatch, "annotations[2], field \"category_id\""},
             {"\"file_name\": \"b.jpg\"", "\"name\": \"b.jpg\"", Fault::missing, "images[2], field \"file_name\""},
             {"{\"id\": 7, \"file_name\"", "{\"id\": 3, \"file_name\"", Fault::duplicate, "list \"images\""},
             {"{\"id\": 9, \"name\"", "{\"id\": 2, \"name\"", Fault::duplicate, "list \"categories\""},
             {"\"categories\"", "\"classes\"", Fault::missing, "list \"categories\""},
             {"\"annotations\"", "\"objects\"", Fault::missing, "list \"annotations\""},
             {"\"area\": 2900.5", "\"area\": -2900.5", Fault::value, "annotations[1], field \"area\""},
             {"[100, 100, 60, 50]", "{\"x\": 100, \"y\": 100, \"w\": 60, \"h\": 50}", Fault::missing,
              "annotations[1], field \"bbox\""},
             {"\"images\"", "\"pictures\"", Fault::missing, "list \"images\""}}) {
        const auto error = error_with(row.piece, row.other);
        INFO(error.what());
        CHECK(error.fault() == row.fault);
        CHECK(error.facts().place == row.place);
    }
}

TEST_CASE("what is no annotation file is refused") {
    const ScratchFolder folder("coco_annotations");
    const auto fault = [&](std::string_view text) {
        return error_of([&] { CocoAnnotations::read(folder.write("x.json", text)); }).fault();
    };
    CHECK(fault(coco_case::detections_json) == Fault::syntax);
    CHECK(fault("{}") == Fault::missing);
    CHECK(fault("{\"images\": {\"id\": 1}}") == Fault::missing);
    CHECK(fault("{\"images\": [") == Fault::syntax);
    CHECK(error_of([&] { CocoAnnotations::read(folder.path() / "none.json"); }).fault() == Fault::io);
    const auto error =
        error_of([&] { CocoAnnotations::read(folder.write("x.json", "{ }"), taxon::Limits{.json_bytes = 2}); });
    CHECK(error.facts().found == "3 bytes");
}

TEST_CASE("the objects of an image keep the order of the file, however images alternate") {
    std::mt19937 random(5);
    const auto object = [](std::uint32_t image, int number) {
        return R"({"image_id": )" + std::to_string(image) + R"(, "category_id": 1, "bbox": [0, 0, 1, 1], "area": )" +
               std::to_string(number) + "}";
    };
    std::string objects = object(0, 0);
    std::vector<std::vector<double>> wanted(20);
    wanted[0].push_back(0);
    for (int i = 1; i < 500; ++i) {
        const auto image = static_cast<std::uint32_t>(random() % 20);
        objects += ", " + object(image, i);
        wanted[image].push_back(i);
    }
    std::string images = R"({"id": 0, "file_name": "a"})";
    for (int i = 19; i > 0; --i) images += R"(, {"id": )" + std::to_string(i) + R"(, "file_name": "a"})";
    const ScratchFolder folder("coco_annotations");
    const auto annotations = CocoAnnotations::read(
        folder.write("x.json", R"({"annotations": [)" + objects + R"(], "categories": [{"id": 1, "name": "a"}], )" +
                                   R"("images": [)" + images + "]}"));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        std::vector<double> areas;
        for (const CocoObject& one : annotations.objects(i)) areas.push_back(one.area);
        CHECK(areas == wanted[i]);
    }
}

TEST_CASE("lists that take more memory than their text are refused, ordinary ones are not") {
    const ScratchFolder folder("coco_annotations");
    const auto error_of_images = [&](const std::string& head, const std::string& tail) {
        std::string text = R"({"images": [)";
        for (int i = 1'000'000; i < 1'200'000; ++i) text += head + std::to_string(i) + tail + ",";
        text.back() = ']';
        const auto path = folder.write("x.json", text + "}");
        return error_of([&] { CocoAnnotations::read(path, {.reader_bytes = 1 << 20}); }).fault();
    };
    CHECK(error_of_images(R"({"id": )", R"(, "file_name": ""})") == Fault::limit);
    CHECK(error_of_images(R"({"id": "id of )", R"(", "file_name": "0123456789012345678901234567890123456789.jpg"})") ==
          Fault::limit);
    CHECK(error_of_images(R"({"id": )", R"(, "file_name": "0123456789.jpg", "width": 640, "height": 480})") ==
          Fault::missing);  // of categories
}

namespace {

/// The small data set with ids as texts, and its figures.
CocoFigures figures_with(const std::function<std::string(int)>& image,
                         const std::function<std::string(int)>& category) {
    const auto with_ids = [&](std::string json) {
        const auto replace = [&](const std::string& field, const auto& spelt) {
            for (std::size_t at = json.find(field); at != json.npos; at = json.find(field, at + 1)) {
                const std::size_t start = at + field.size(), end = json.find_first_of(",}", start);
                json.replace(start, end - start, spelt(std::stoi(json.substr(start, end - start))));
            }
        };
        replace("\"image_id\": ", image);
        replace("\"category_id\": ", category);
        return json;
    };
    std::string annotations = with_ids(coco_case::annotations_json);
    for (const int id : {12, 3, 7, 40}) {
        const std::string was = "{\"id\": " + std::to_string(id) + ", \"file_name\"";
        annotations.replace(annotations.find(was), was.size(), "{\"id\": " + image(id) + ", \"file_name\"");
    }
    for (const int id : {9, 2, 5}) {
        const std::string was = "{\"id\": " + std::to_string(id) + ", \"name\"";
        annotations.replace(annotations.find(was), was.size(), "{\"id\": " + category(id) + ", \"name\"");
    }
    const ScratchFolder folder("coco_ids");
    const auto read = CocoAnnotations::read(folder.write("a.json", annotations));
    const auto detections =
        read_coco_detections(folder.write("d.json", with_ids(coco_case::detections_json)), read).of_images;
    CocoMatches matches(read);
    for (std::size_t i = 0; i < detections.size(); ++i) matches.add(read, i, detections[i]);
    return coco_figures(matches);
}

}  // namespace

TEST_CASE("R15: ids are numbers, however they are written, or texts") {
    const auto number = [](int id) { return std::to_string(id); };
    const auto decimal = [](int id) { return std::to_string(id) + ".0"; };
    const auto exponent = [](int id) { return std::to_string(id) + "e0"; };
    const auto padded = [](int id) { return "\"" + std::string(id < 10 ? "0" : "") + std::to_string(id) + "\""; };
    const auto plain = [](int id) { return "\"" + std::to_string(id) + "\""; };
    const auto wanted = figures_with(number, number).values;
    CHECK(wanted[0] > 0);
    CHECK(figures_with(decimal, exponent).values == wanted);
    CHECK(figures_with(padded, number).values == wanted);
    CHECK(figures_with(number, padded).values == wanted);
    // in the order of texts, "12" before "3": equal scores of two images change places, which changes nothing here
    CHECK(figures_with(plain, plain).values == wanted);
}

TEST_CASE("R15: the string ids of shared/cases are scored as pycocotools does") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto reports = *shared / "cases" / "reports";
    const auto annotations = CocoAnnotations::read(reports / "string_ids_both_a.json");
    CHECK(annotations.images().size() == 20);
    const auto detections = read_coco_detections(reports / "string_ids_both_d.json", annotations).of_images;
    CocoMatches matches(annotations);
    for (std::size_t i = 0; i < detections.size(); ++i) matches.add(annotations, i, detections[i]);
    CHECK(matches.n() == 20);
    // pycocotools' AP, AP50 and AR100
    const auto figures = coco_figures(matches);
    CHECK(figures.values[0] == Approx(0.2526550202601429).epsilon(1e-12));
    CHECK(figures.values[1] == Approx(0.6681999563892881).epsilon(1e-12));
    CHECK(figures.values[8] == Approx(0.3088462475633529).epsilon(1e-12));
}

TEST_CASE("texts among numbers, fields and lists twice are refused in annotations") {
    const ScratchFolder folder("coco_mixed");
    const auto error = [&](const std::string& text) {
        return error_of([&] { CocoAnnotations::read(folder.write("a.json", text)); });
    };
    const auto mixed = error(R"({"images": [{"id": 1, "file_name": "a"}, {"id": "2", "file_name": "b"}]})");
    CHECK(mixed.fault() == Fault::type);
    CHECK(mixed.facts().place == "images[1], field \"id\"");
    CHECK(mixed.facts().found == "a string");
    CHECK(mixed.facts().wanted == "a number, like the ids before it");
    const auto other = error(R"({"images": [{"id": "1", "file_name": "a"}, {"id": 2, "file_name": "b"}]})");
    CHECK(other.facts().found == "a number");
    CHECK(other.facts().wanted == "a string, like the ids before it");
    const auto unknown =
        error(R"({"images": [{"id": "1", "file_name": "a"}], "categories": [{"id": 1, "name": "x"}], )"
              R"("annotations": [{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "area": 1}]})");
    CHECK(unknown.fault() == Fault::type);
    CHECK(unknown.facts().place == "annotations[0], field \"image_id\"");
    CHECK(error(R"({"images": [{"id": 1, "id": 1, "file_name": "a"}]})").fault() == Fault::duplicate);
    CHECK(error(R"({"images": [], "categories": [], "images": []})").fault() == Fault::duplicate);
    CHECK(error(R"({"images": )" + std::string(100, '[')).fault() == Fault::limit);
}

TEST_CASE("A14: fields that nobody asks for cost no memory") {
    std::string text = R"({"images": [{"id": 1, "file_name": "a")";
    for (int i = 0; i < 200'000; ++i) text += ",\"" + std::to_string(i) + "\":0";
    text += R"(}], "categories": [{"id": 1, "name": "x"}], "annotations": [)"
            R"({"image_id": 1, "category_id": 1, "area": 1, "bbox": [0, 0, 1, 1)";
    const ScratchFolder folder("coco_fields");
    const auto good = folder.write("good.json", text + "]}]}");
    CHECK(peak_of([&] { CHECK(CocoAnnotations::read(good).images().size() == 1); }) < 3 * text.size());
    for (int i = 0; i < 200'000; ++i) text += ",0";
    const auto bad = folder.write("bad.json", text + "]}]}");
    CHECK(error_of([&] { CocoAnnotations::read(bad); }).fault() == Fault::type);
}
