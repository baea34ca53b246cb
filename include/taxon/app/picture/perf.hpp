#pragma once
#include <string>
#include <taxon/app/picture/perf_common.hpp>
#include <taxon/app/picture/tensor.hpp>
#include <taxon/app/run/ranking.hpp>

namespace taxon::app {

/// The verb `perf` of classifiers of pictures. Returns the exit code.
inline int run_perf(const Family& family, const PicturePerfOptions& options, const std::string& executable,
                    Console& console) {
    return run_picture_perf(family, options, executable, console,
                            [](const AnyModel& network, const ModelEntry& entry) -> FileWork {
                                return {[&](std::size_t, const std::filesystem::path& file, std::span<float> tensor) {
                                            read_tensor(network, entry, file, tensor);
                                        },
                                        [](std::size_t, const std::filesystem::path& file,
                                           std::span<const float> result) { rank(file.string(), result, 5); }};
                            });
}

}  // namespace taxon::app
