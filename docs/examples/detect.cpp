// The objects in an image, and a copy with their boxes drawn.
#include <cstdio>
#include <fstream>
#include <taxon/detect/picture_encoder.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/image_file.hpp>
#include <taxon/preprocess/letterbox.hpp>
#include <taxon/task/draw.hpp>
#include <taxon/zoo/yolov5.hpp>

using Detector = taxon::Model<taxon::zoo::Yolov5n<80, 640>, taxon::preprocess::Letterbox<640>>;

int main(int argc, char** argv) try {
    if (argc != 4) return std::puts("detect WEIGHTS IMAGE DRAWN.png"), 2;
    const auto model = Detector::load(argv[1]);
    auto picture = taxon::read_image(argv[2], {.upright = true});  // as its EXIF data say
    const auto objects = taxon::task::detect(model, picture);
    for (const auto& [label, score, box, index] : objects)
        std::printf("%5.1f%%  %-14s %.0f %.0f %.0f %.0f\n", 100 * score, label.c_str(), box.left, box.top, box.right,
                    box.bottom);
    taxon::task::draw(picture, objects);
    std::ofstream(argv[3], std::ios::binary) << taxon::detect::encode_png(picture);
} catch (const taxon::Error& error) { return std::fprintf(stderr, "%s\n", error.what()), 1; }
