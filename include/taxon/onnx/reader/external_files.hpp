#pragma once
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <taxon/core/error.hpp>
#include <taxon/core/path.hpp>
#include <taxon/io/mapped_file.hpp>
#include <utility>

namespace taxon::onnx::detail {

/// Files of external data by the name that the model gives them, each mapped once.
class ExternalFiles {
  public:
    explicit ExternalFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Throws Fault::path for a name that leads out of the folder, also by a link.
    const std::shared_ptr<const io::MappedFile>& open(const std::string& location, const std::string& place) {
        const auto known = files_.find(location);
        if (known != files_.end()) return known->second;
        const auto fail = [&](std::string_view found) {
            throw Error(Fault::path, {.place = place,
                                      .found = found,
                                      .wanted = "external data in the model's own folder",
                                      .remedy = "put '" + location + "' beside the model"});
        };
        if (folder_.empty()) fail("external data of a model that is no file");
        const std::filesystem::path name = path_of(location);
        bool inside = !name.empty() && !name.has_root_path() && location.find('\0') == location.npos;
        for (const auto& part : name) inside = inside && part != "..";
        if (!inside) fail("external data in '" + location + "'");
        std::error_code failure;
        const auto home = std::filesystem::canonical(folder_, failure), path = folder_ / name,
                   real = std::filesystem::weakly_canonical(path, failure);
        if (failure || std::mismatch(home.begin(), home.end(), real.begin(), real.end()).first != home.end())
            fail("external data in '" + location + "', a link to another folder");
        return files_.emplace(location, std::make_shared<const io::MappedFile>(path)).first->second;
    }

  private:
    std::filesystem::path folder_;
    std::map<std::string, std::shared_ptr<const io::MappedFile>> files_{};
};

}  // namespace taxon::onnx::detail
