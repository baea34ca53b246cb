#pragma once
#include <filesystem>
#include <memory>
#include <span>
#include <taxon/app/detector/detecting.hpp>
#include <taxon/app/picture/file_workload.hpp>
#include <taxon/app/picture/picture_reader.hpp>
#include <vector>

namespace taxon::app {

/// From picture files, `batch` at a time, to their boxes. The network, the entry and the reader must outlive it.
inline FileWork detector_work(const AnyModel& network, const ModelEntry& entry, int batch, const PictureReader& reader,
                              const detect::Profile& profile) {
    const auto fits = std::make_shared<std::vector<preprocess::LetterboxFit>>(static_cast<std::size_t>(batch));
    return {[&, fits](std::size_t i, const std::filesystem::path& file, std::span<float> tensor) {
                reader.read(file, [&](const Image& picture) {
                    (*fits)[i] = fit_of(entry, picture.height, picture.width);
                    network.preprocess(picture, planes_of(entry.input, tensor));
                });
            },
            [&entry, fits, profile](std::size_t i, const std::filesystem::path& file, std::span<const float> table) {
                detections_of(file.string(), table, entry, profile, (*fits)[i]);
            }};
}

}  // namespace taxon::app
