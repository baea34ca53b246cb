#pragma once
#include <cctype>
#include <fstream>
#include <span>
#include <system_error>
#include <taxon/app/console/output_file.hpp>
#include <taxon/core/error.hpp>
#include <taxon/io/atomic_file.hpp>
#include <taxon/io/folder_layout.hpp>
#include <taxon/preprocess/picture_name.hpp>

/// Definitions for output_file.hpp, compiled once for all kinds of programs.
namespace taxon::app {

namespace detail {

/// True if a path leads to an open file, as /dev/stdout does: what it leads to is not ours to replace.
inline bool names_open_file(std::filesystem::path path) {
    std::error_code ignored;
    for (int links = 0; links < 40 && std::filesystem::is_symlink(path, ignored); ++links) {
        if (path.string().starts_with("/proc/")) return true;
        path = path.parent_path() / std::filesystem::read_symlink(path, ignored);
    }
    return false;
}

/// Files read along with an input: the pictures of a folder, and in a folder or beside a file whatever belongs to a
/// model.
inline std::vector<NamedFile> with_neighbours(const std::vector<NamedFile>& inputs) {
    std::vector<NamedFile> all = inputs;
    std::error_code ignored;
    for (const NamedFile& input : inputs) {
        if (!std::filesystem::exists(input.path, ignored)) continue;  // not given, or generated
        const bool is_folder = std::filesystem::is_directory(input.path, ignored);
        const auto folder = is_folder ? input.path : input.path.parent_path();
        const auto add_neighbour = [&](std::string_view name) {
            if (std::filesystem::exists(folder / name, ignored))
                all.push_back({input.option + "'s " + std::string(name), folder / name});
        };
        for (const auto name : io::folder_layout::weights) add_neighbour(name);
        for (const auto name : io::folder_layout::vocabularies) add_neighbour(name);
        for (const auto name : {io::folder_layout::config, io::folder_layout::tokenizer_config}) add_neighbour(name);
        if (!is_folder) continue;
        for (const auto& entry : std::filesystem::directory_iterator(input.path, ignored))
            if (preprocess::is_picture_name(entry.path()))
                all.push_back({input.option + "'s " + entry.path().filename().string(), entry.path()});
    }
    return all;
}

}  // namespace detail

void require_writable(const std::string& option, const std::filesystem::path& path) {
    if (path.empty()) return;
    const std::filesystem::path target = io::link_target(path);
    const auto folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
    std::error_code failure;
    if (!std::filesystem::is_directory(folder, failure))
        throw Error(Fault::usage, {.place = option,
                                   .found = "'" + path.string() + "' in a folder that is not there",
                                   .remedy = "make the folder '" + folder.string() + "' first"});
    const auto status = std::filesystem::status(target, failure);
    if (!std::filesystem::status_known(status))  // too long a name, or a link that leads to itself
        throw Error(Fault::usage, {.place = option,
                                   .found = "'" + path.string() + "': " + failure.message(),
                                   .wanted = "the name of a file"});
    if (std::filesystem::is_directory(status))
        throw Error(Fault::usage,
                    {.place = option, .found = "the folder '" + path.string() + "'", .wanted = "the name of a file"});
}

void require_replaceable(const std::string& option, const std::filesystem::path& path) {
    require_writable(option, path);
    std::error_code ignored;
    if (detail::names_open_file(path) ||
        (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored)))
        throw Error(Fault::usage, {.place = option,
                                   .found = "'" + path.string() + "', which is a device, a pipe or an open file",
                                   .wanted = "a file, new or to be replaced"});
}

void require_folder(const std::string& option, const std::filesystem::path& path) {
    std::error_code ignored;
    if (!path.empty() && std::filesystem::exists(path, ignored) && !std::filesystem::is_directory(path, ignored))
        throw Error(Fault::usage,
                    {.place = option, .found = "'" + path.string() + "', which is not a folder", .wanted = "a folder"});
}

std::string file_name_of(std::string_view name) {
    std::string file(name);
    for (char& c : file)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-' && c != '_') c = '_';
    return file;
}

void require_outputs(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs) {
    std::error_code ignored;
    const auto same = [&](const std::filesystem::path& a, const std::filesystem::path& b) {
        if (std::filesystem::exists(a, ignored))
            return std::filesystem::is_regular_file(a, ignored) && std::filesystem::equivalent(a, b, ignored);
        return std::filesystem::weakly_canonical(io::link_target(a), ignored) ==
               std::filesystem::weakly_canonical(io::link_target(b), ignored);
    };
    std::vector<NamedFile> others = detail::with_neighbours(inputs);
    for (const NamedFile& output : outputs) {
        require_writable(output.option, output.path);
        if (output.path.empty()) continue;
        for (const NamedFile& other : others)
            if (!other.path.empty() && same(output.path, other.path))
                throw Error(Fault::usage,
                            {.place = output.option,
                             .found = "'" + output.path.string() + "', which " + other.option + " names as well",
                             .wanted = "another file"});
        others.push_back(output);
    }
}

void require_other_file(const std::filesystem::path& input, const std::filesystem::path& output) {
    std::error_code ignored;
    if (!std::filesystem::exists(output, ignored)) return;
    const auto folder = std::filesystem::is_directory(input, ignored) ? input
                        : input.has_parent_path()                     ? input.parent_path()
                                                                      : ".";
    const bool several = folder == input || input.extension() == ".json";
    const auto beside = output.has_parent_path() ? output.parent_path() : ".";
    if (std::filesystem::equivalent(input, output, ignored) ||
        (several && std::filesystem::equivalent(folder, beside, ignored)))
        throw Error(Fault::usage, {.place = "--output",
                                   .found = "'" + output.string() + "', which is the input or a part of it",
                                   .wanted = "another file"});
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored)) {
        std::ofstream device(path, std::ios::binary);
        device.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        device.close();
        if (!device)
            throw Error(Fault::io, {.file = path.string(), .found = "a device or pipe that cannot be written"});
        return;
    }
    io::AtomicFile file(path);
    file.write(std::as_bytes(std::span(bytes)));
    file.commit();
}

}  // namespace taxon::app
