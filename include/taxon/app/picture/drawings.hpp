#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/picture/inputs.hpp>
#include <taxon/detect/picture_encoder.hpp>
#include <vector>

namespace taxon::app {

/// The files of drawn pictures in the folder that --output-dir names, one for each input.
class Drawings {
  public:
    Drawings() = default;

    /// A picture's own name, as PNG if it is one, else as JPEG. Throws Fault::usage for inputs that are no files, for
    /// two of one name, and if a drawing, or the file beside it with ending `beside`, would overwrite one of `others`.
    Drawings(const std::string& folder, const PictureInputs& inputs, const std::vector<NamedFile>& others,
             const std::string& beside = "")
        : folder_(folder) {
        if (folder.empty()) return;
        if (inputs.files.empty())
            throw Error(Fault::usage,
                        {.place = "--output-dir", .found = "no pictures to draw on", .wanted = "picture files"});
        std::vector<NamedFile> outputs;
        std::set<std::string> stems;
        for (const auto& file : inputs.files) {
            const bool png = preprocess::lower_ending(file) == ".png";
            files_.push_back(folder_ / (file.stem().string() + (png ? ".png" : ".jpg")));
            if (!stems.insert(file.stem().string()).second)
                throw Error(Fault::usage, {.file = file.string(),
                                           .place = "--output-dir",
                                           .found = "a second picture named '" + file.stem().string() + "'",
                                           .wanted = "one of each name",
                                           .remedy = "run them one folder at a time"});
            std::error_code ignored;
            if (std::filesystem::equivalent(files_.back(), file, ignored))
                throw Error(Fault::usage, {.file = file.string(),
                                           .place = "--output-dir",
                                           .found = "the picture's own folder",
                                           .wanted = "another one, because the drawing has the same name"});
            if (!std::filesystem::is_directory(folder, ignored)) continue;
            outputs.push_back({"--output-dir", files_.back()});
            if (!beside.empty())
                outputs.push_back({"--output-dir", std::filesystem::path(files_.back()).replace_extension(beside)});
        }
        require_outputs(outputs, others);
    }

    bool wanted() const { return !folder_.empty(); }
    void make_folder() const {
        if (wanted()) std::filesystem::create_directories(folder_);
    }

    /// Does draw(picture) and writes the result: the picture is read again from `from`, for its pixels need not wait in
    /// memory for the network. Returns the file.
    template <class Draw>
    const std::filesystem::path& write(std::size_t i, const std::filesystem::path& from, const PictureReader& reader,
                                       Draw&& draw) const {
        const auto& file = files_[i];
        reader.read(from, [&](Image& picture) {
            draw(picture);
            write_file(file, file.extension() == ".png" ? detect::encode_png(picture) : detect::encode_jpeg(picture));
        });
        return file;
    }

  private:
    std::filesystem::path folder_{};
    std::vector<std::filesystem::path> files_{};
};

}  // namespace taxon::app
