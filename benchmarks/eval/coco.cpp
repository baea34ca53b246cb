// Average precision over a data set of COCO's size: 5,000 pictures with 7 objects and 220 detections each, 80
// categories. By stage.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <taxon/eval/coco.hpp>

namespace {

using namespace taxon::eval;

constexpr int pictures = 5000, objects = 7, detected = 220, categories = 80;

struct Case {
    CocoAnnotations annotations;
    std::vector<std::vector<CocoDetection>> detections;
};

/// Objects anywhere; a tenth of the detections close to one.
const Case& generated() {
    static const Case all = [] {
        std::mt19937 random(1);
        const auto number = [&](double least, double most) {
            return least + (most - least) * static_cast<double>(random()) / 4294967296.0;
        };
        const auto path = std::filesystem::temp_directory_path() / "taxon_bench_coco.json";
        std::ofstream file(path);
        file << "{\"categories\": [";
        for (int i = 0; i < categories; ++i)
            file << (i ? ", " : "") << "{\"id\": " << i + 1 << ", \"name\": \"c" << i << "\"}";
        file << "], \"images\": [";
        for (int i = 0; i < pictures; ++i)
            file << (i ? ", " : "") << "{\"id\": " << i + 1 << ", \"file_name\": \"" << i + 1 << ".jpg\"}";
        file << "], \"annotations\": [";
        for (int i = 0; i < pictures * objects; ++i) {
            const double width = number(5, 300), height = number(5, 300);
            file << (i ? ", " : "") << "{\"image_id\": " << i / objects + 1
                 << ", \"category_id\": " << random() % categories + 1 << ", \"area\": " << width * height / 2
                 << ", \"bbox\": [" << number(0, 340) << ", " << number(0, 180) << ", " << width << ", " << height
                 << "]}";
        }
        file << "]}";
        file.close();
        Case made{CocoAnnotations::read(path), {}};
        std::filesystem::remove(path);
        for (std::size_t image = 0; image < pictures; ++image) {
            auto& in_picture = made.detections.emplace_back();
            const auto there = made.annotations.objects(image);
            for (int i = 0; i < detected; ++i) {
                CocoDetection one{random() % categories,
                                  {number(0, 340), number(0, 180), number(5, 300), number(5, 300)},
                                  number(0.001, 0.5)};
                if (i % 10 == 0) {
                    const CocoObject& object = there[random() % there.size()];
                    one = {object.category, object.box, number(0.2, 0.9)};
                    one.box.left += number(-9, 9);
                    one.box.width += number(0, 9);
                }
                in_picture.push_back(one);
            }
        }
        return made;
    }();
    return all;
}

CocoMatches matched() {
    const Case& all = generated();
    CocoMatches matches(all.annotations);
    for (std::size_t image = 0; image < pictures; ++image) matches.add(all.annotations, image, all.detections[image]);
    return matches;
}

void match(benchmark::State& state) {
    generated();
    for (auto _ : state) benchmark::DoNotOptimize(matched());
}

void figures(benchmark::State& state) {
    const auto matches = matched();
    double found = 0;
    for (auto _ : state) found = coco_figures(matches).values[0];
    state.counters["AP"] = found;
}

BENCHMARK(match)->Unit(benchmark::kMillisecond);
BENCHMARK(figures)->Unit(benchmark::kMillisecond);

}  // namespace
