#pragma once
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <taxon/app/run/input_tensor.hpp>
#include <taxon/app/picture/infer_options.hpp>
#include <taxon/app/picture/tensor.hpp>
#include <taxon/app/shard/digest.hpp>
#include <taxon/io/text_lines.hpp>
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

    /// Those of a share; `tensor` has samples of `size` numbers.
    PictureInputs of(const Share& share, std::size_t size) const {
        PictureInputs some{share.of(names, "input"), {}, {}, skipped};
        if (!files.empty()) some.files = share.of(files, "input");
        for (std::size_t i = 0; files.empty() && i < some.names.size(); ++i) {
            const auto from = tensor.begin() + static_cast<std::ptrdiff_t>(share.number(i) * size);
            some.tensor.insert(some.tensor.end(), from, from + static_cast<std::ptrdiff_t>(size));
        }
        return some;
    }

    /// What identifies all inputs on any machine: names without folders, or the tensor.
    std::string digest() const {
        Digest digest;
        for (const auto& name : names) digest.add(without_folders(name));
        digest.add(io::Crc32c::of(std::as_bytes(std::span(tensor))));
        return digest.text();
    }

    /// Writes the i-th, prepared, (C, H, W). Throws as reading a picture does.
    void prepare(const AnyModel& network, const ModelEntry& entry, const PictureReader& reader, std::size_t i,
                 std::span<float> to) const {
        if (files.empty())
            std::copy_n(tensor.begin() + static_cast<std::ptrdiff_t>(i * to.size()), to.size(), to.begin());
        else read_tensor(network, entry, reader, files[i], to);
    }
};

/// The paths in a list, one on each line that is not empty; see --inputs. Throws as reading the file does, and
/// Fault::missing if there are none.
inline std::vector<std::string> listed_paths(const std::string& list) {
    std::vector<std::string> paths;
    const auto add = [&](std::size_t, std::string_view line) {
        const auto folder = list == "-" ? std::filesystem::path() : std::filesystem::path(list).parent_path();
        if (!line.empty()) paths.push_back((folder / line).string());
    };
    if (list == "-") io::for_each_line(std::string(std::istreambuf_iterator<char>(std::cin), {}), add);
    else io::for_each_line_of(list, add);
    if (paths.empty())
        throw Error(Fault::missing, {.file = list == "-" ? "standard input" : list,
                                     .found = "no paths",
                                     .wanted = "the path of a picture on each line"});
    return paths;
}

/// At least one.
inline PictureInputs picture_inputs(const PictureInferOptions& options, const ModelEntry& entry) {
    PictureInputs inputs;
    if (!options.pictures.empty() || !options.list.empty()) {
        auto named = options.pictures;
        if (!options.list.empty())
            for (std::string& path : listed_paths(options.list)) named.push_back(std::move(path));
        auto found = picture_files(named);
        inputs.files = std::move(found.files);
        inputs.skipped = found.skipped;
        for (const auto& file : inputs.files) inputs.names.push_back(file.string());
    } else {
        const auto tensor = options.tensor.empty() ? synthetic_tensor(options.generated, entry, options.batch)
                                                   : tensor_of_file(options.tensor, entry, options.allow_nonfinite);
        inputs.tensor = tensor.numbers;
        for (std::size_t i = 0; i < tensor.count; ++i) inputs.names.push_back(fmt::format("{}[{}]", tensor.name, i));
    }
    options.share.cut(inputs.names);
    options.share.cut(inputs.files);
    return inputs;
}

}  // namespace taxon::app
