#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <taxon/app/model/calibration.hpp>
#include <taxon/app/run/input_tensor.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/picture/tensor.hpp>
#include <taxon/app/model/open_weights.hpp>
#include <taxon/eval/dataset.hpp>
#include <utility>
#include <vector>

namespace taxon::app {

/// Calibration inputs if no pictures are given and the weights are generated: `count` inputs of --input's salt.
struct GeneratedInputs {
    std::string source = "synthetic";
    int count = 1;
};

namespace detail {

/// All pictures in a folder and its subfolders, hidden ones excepted, sorted bytewise. Throws Fault::io or missing.
inline std::vector<std::filesystem::path> pictures_below(const std::filesystem::path& folder) {
    std::error_code failure;
    std::vector<std::filesystem::path> files;
    for (std::filesystem::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
         at.increment(failure)) {
        const bool hidden = preprocess::is_hidden_name(at->path());
        if (hidden && at->is_directory()) at.disable_recursion_pending();
        else if (!hidden && preprocess::is_picture_name(at->path()) && at->is_regular_file())
            files.push_back(at->path());
    }
    if (failure)
        throw Error(Fault::io, {.file = folder.string(),
                                .place = "--calibration-dir",
                                .found = failure.message(),
                                .wanted = "a readable folder of pictures"});
    if (files.empty())
        throw Error(Fault::missing, {.file = folder.string(),
                                     .place = "--calibration-dir",
                                     .found = "no " + std::string(preprocess::picture_endings) + " files",
                                     .wanted = "pictures of the kind that the network is to see"});
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.native() < b.native(); });
    return files;
}

inline std::vector<std::filesystem::path> calibration_pictures(const CalibrationOptions& options,
                                                               const ModelEntry& entry) {
    if (!options.folder.empty()) return pictures_below(options.folder);
    std::vector<std::filesystem::path> files;
    for (const auto& picture : eval::read_dataset(options.table, entry.output.size()).pictures)
        files.push_back(picture.file);
    return files;
}

}  // namespace detail

/// The pictures that the options name, else generated inputs.
inline CalibrationInputs picture_samples(const CalibrationOptions& options, const GeneratedInputs& generated,
                                         const PictureReader& reader, const AnyModel& network,
                                         const ModelEntry& entry) {
    if (options.named()) {
        auto files = detail::calibration_pictures(options, entry);
        const std::size_t count = files.size();
        return {count,
                [&, files = std::move(files)](std::size_t i, std::vector<float>& to) {
                    read_tensor(network, entry, reader, files[i], to);
                },
                "pictures"};
    }
    auto tensor = synthetic_tensor(generated.source, entry, generated.count);
    const std::size_t count = tensor.count;
    return {count, [tensor = std::move(tensor)](std::size_t i, std::vector<float>& to) {
                std::copy_n(tensor.numbers.data() + i * to.size(), to.size(), to.begin());
            }};
}

/// The same, but generated inputs only for generated weights.
inline CalibrationSource picture_calibration(const ModelOptions& options, const GeneratedInputs& generated,
                                             const PictureReader& reader) {
    return [&options, generated, &reader](const AnyModel& network, const ModelEntry& entry) {
        if (!options.calibration.named() && !names_synthetic_weights(options.weights))
            throw Error(
                Fault::usage,
                {.place = "--precision " + std::string(entry.precision),
                 .found = "no ranges of its values",
                 .wanted = "--calibration-dir DIR or --calibration-file TSV of typical pictures, or a .taxon file",
                 .remedy = "gen makes one"});
        return picture_samples(options.calibration, generated, reader, network, entry);
    };
}

}  // namespace taxon::app
