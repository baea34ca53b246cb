#pragma once
#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <taxon/app/run/input_tensor.hpp>
#include <taxon/app/picture/infer_options.hpp>
#include <taxon/app/picture/tensor.hpp>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// The inputs named by the command line: picture files, or a prepared tensor.
struct PictureInputs {
    std::vector<std::string> names;
    std::vector<std::filesystem::path> files;
    std::vector<float> tensor{};
    std::size_t skipped = 0;  ///< files beside them that are not picture files

    std::size_t size() const { return names.size(); }

    /// Writes the i-th, prepared, (C, H, W). Throws as reading a picture does.
    void prepare(const AnyModel& network, const ModelEntry& entry, const PictureReader& reader, std::size_t i,
                 std::span<float> to) const {
        if (files.empty())
            std::copy_n(tensor.begin() + static_cast<std::ptrdiff_t>(i * to.size()), to.size(), to.begin());
        else read_tensor(network, entry, reader, files[i], to);
    }
};

/// At least one.
inline PictureInputs picture_inputs(const PictureInferOptions& options, const ModelEntry& entry) {
    PictureInputs inputs;
    if (!options.pictures.empty()) {
        auto found = picture_files(options.pictures);
        inputs.files = std::move(found.files);
        inputs.skipped = found.skipped;
        for (const auto& file : inputs.files) inputs.names.push_back(file.string());
    } else {
        const auto tensor = options.tensor.empty() ? synthetic_tensor(options.generated, entry, options.batch)
                                                   : tensor_of_file(options.tensor, entry, options.allow_nonfinite);
        inputs.tensor = tensor.numbers;
        for (std::size_t i = 0; i < tensor.count; ++i) inputs.names.push_back(fmt::format("{}[{}]", tensor.name, i));
    }
    if (options.limit) inputs.names.resize(std::min(inputs.names.size(), *options.limit));
    inputs.files.resize(std::min(inputs.files.size(), inputs.names.size()));
    return inputs;
}

}  // namespace taxon::app
