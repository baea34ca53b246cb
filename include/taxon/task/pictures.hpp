#pragma once
#include <algorithm>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/core/image.hpp>
#include <taxon/core/planes.hpp>
#include <taxon/task/sample_batch.hpp>
#include <utility>
#include <vector>

namespace taxon::preprocess {
struct ImageFile;
struct UprightImageFile;
}  // namespace taxon::preprocess

namespace taxon::task {

/// The default number of pictures per run: enough for each of a few threads to take whole ones.
inline constexpr int usual_batch = 8;

/// Pictures in memory.
struct PictureSpan {
    std::span<const Image> pictures;

    std::size_t size() const { return pictures.size(); }
    const Image& operator[](std::size_t i) const { return pictures[i]; }
    std::string name(std::size_t i) const { return "picture " + std::to_string(i); }
};

/// Picture files, read on demand.
template <class File>
struct PictureFiles {
    std::span<const std::filesystem::path> files;

    std::size_t size() const { return files.size(); }
    Image operator[](std::size_t i) const {
        static_assert(
            requires { sizeof(File); },
            "taxon::task: a picture file is read by <taxon/preprocess/image_file.hpp>; include it, or give an Image");
        return File::read(files[i]);
    }
    std::string name(std::size_t i) const { return files[i].string(); }
};

/// Does work() and adds `name` to its errors.
template <class Work>
auto named(const std::string& name, Work&& work) {
    try {
        return work();
    } catch (const Error& error) { throw error.in_file(name); }
}

/// Runs pictures, up to `batch` together as far as the model's ShapeMode allows: see(i, picture_height, picture_width,
/// output) in order. A remainder below the minimum batch is run one by one. Throws as reading, preprocessing and the
/// network do, naming the picture.
template <class Pictures, class See>
void run_pictures(const Runner& runner, const Pictures& pictures, int batch, See&& see) {
    const auto least = static_cast<std::size_t>(runner.policies.batch.first), count = pictures.size();
    const auto together = std::min(
        static_cast<std::size_t>(std::clamp(batch, runner.policies.batch.first, runner.policies.batch.last)), count);
    std::optional<SampleBatch> samples;  // unused by pictures that run one by one
    std::vector<std::pair<int, int>> sizes(together);
    for (std::size_t first = 0; first < count;) {
        const std::size_t left = count - first, group = left < least ? 1 : std::min(together, left);
        if (group == 1 && runner.run_picture) {
            named(pictures.name(first), [&] {
                const Image& picture = pictures[first];
                const std::vector<float> output = runner.run_picture(picture);
                see(first, picture.height, picture.width, std::span<const float>(output));
            });
        } else {
            const auto prepare = [&](std::size_t i, std::span<float> input) {
                named(pictures.name(first + i), [&] {
                    const Image& picture = pictures[first + i];
                    runner.policies.preprocess(picture, planes_of(runner.input, input));
                    sizes[i] = {picture.height, picture.width};
                });
                return true;
            };
            if (!samples) samples.emplace(runner, together);
            samples->run(group, prepare, [&](std::size_t i, auto, std::span<const float> result) {
                named(pictures.name(first + i), [&] { see(first + i, sizes[i].first, sizes[i].second, result); });
            });
        }
        first += group;
    }
}

}  // namespace taxon::task
