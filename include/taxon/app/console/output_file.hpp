#pragma once
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/io/atomic_file.hpp>
#include <taxon/io/folder_layout.hpp>
#include <taxon/preprocess/picture_name.hpp>
#include <vector>

namespace taxon::app {

/// Rejects an output that could not be written later, before any work is done for it. Empty paths are options that were
/// not given.
void require_writable(const std::string& option, const std::filesystem::path& path);

/// The same for a file that is only ever replaced as a whole, which devices and pipes cannot be.
void require_replaceable(const std::string& option, const std::filesystem::path& path);

/// Rejects an output folder that cannot be one; a missing folder is created later.
void require_folder(const std::string& option, const std::filesystem::path& path);

/// A name as a file can have it: other characters than letters, digits, '.', '_' and '-' become '_'.
std::string file_name_of(std::string_view name);

/// A file named by an option; empty if it was not given.
struct NamedFile {
    std::string option;
    std::filesystem::path path;
};

/// Rejects, before any work is done, outputs that could not be written later, and outputs that would overwrite one
/// another or an input: its pictures if it is a folder, and files of a model in it or beside it. Throws Fault::usage.
/// Devices and pipes may be named twice.
void require_outputs(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs);

/// Throws Fault::usage if the output would overwrite the input, or a file beside it if the input consists of several
/// files.
void require_other_file(const std::filesystem::path& input, const std::filesystem::path& output);

/// Writes a file atomically: a reader, or a crash, sees either the old file or the complete new one. Devices and pipes
/// are written directly. Throws Fault::io.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace taxon::app
