#pragma once
#include <filesystem>
#include <span>
#include <taxon/app/picture/file_workload.hpp>
#include <taxon/app/picture/tensor.hpp>
#include <taxon/app/run/ranking.hpp>

namespace taxon::app {

/// From picture files to their best five classes. What it is given must outlive it.
inline FileWork classifier_work(const AnyModel& network, const ModelEntry& entry, const PictureReader& reader) {
    return {[&](std::size_t, const std::filesystem::path& file, std::span<float> tensor) {
                read_tensor(network, entry, reader, file, tensor);
            },
            [](std::size_t, const std::filesystem::path& file, std::span<const float> result) {
                rank(file.string(), result, 5);
            }};
}

}  // namespace taxon::app
