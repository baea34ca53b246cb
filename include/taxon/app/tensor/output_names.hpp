#pragma once
#include <set>
#include <string>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/model/ports.hpp>
#include <vector>

namespace taxon::app {

/// The file of each output in a folder, NAME.npy as file_name_of has it; of names that become equal the second is
/// NAME_2. None without a folder.
inline std::vector<NamedFile> output_files(const std::filesystem::path& folder, std::span<const Port> outputs) {
    std::vector<NamedFile> files;
    std::set<std::string> taken;
    for (const Port& output : outputs) {
        if (folder.empty()) break;
        const std::string name = file_name_of(name_of(output, "output"));
        std::string file = name;
        for (int number = 2; !taken.insert(file).second; ++number) file = name + "_" + std::to_string(number);
        files.push_back({"--output-dir", folder / (file + ".npy")});
    }
    return files;
}

}  // namespace taxon::app
