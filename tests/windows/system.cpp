// The services of taxon/system, and what is built on them, in a Windows process: files, names, memory, the process.
#include <taxon/core/path.hpp>
#include <taxon/io/atomic_file.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/system/local_time.hpp>
#include <taxon/system/process.hpp>
#include <taxon/system/streams.hpp>
#include <taxon/system/threads.hpp>

#include <fstream>
#include <iostream>
#include <string>
#include <vector>

using namespace taxon;

namespace {

int failures = 0;

void check(bool holds, std::string_view what) {
    if (!holds) ++failures, std::cout << "FAILED: " << what << "\n";
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::filesystem::path& path, const std::string& text) {
    io::AtomicFile file(path);
    file.write(std::as_bytes(std::span(text)));
    file.commit();
}

template <class Work>
std::string refusal(Work work) {
    try {
        work();
    } catch (const Error& error) { return error.what(); }
    return "";
}

std::size_t files_in(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

void names(const std::filesystem::path& folder) {
    const std::string name = "B\xC3\xA4ume \xE6\x9C\xA8 \xF0\x9F\x98\x80";
    check(path_of(name).native() == L"B\u00E4ume \u6728 \U0001F600", "a name of UTF-8 is the same in UTF-16");
    check(path_of(name).string() == name, "and back");
    check(refusal([] { path_of("\xFF"); }).find("[encoding]") != std::string::npos, "other bytes are refused");
    write(folder / path_of(name), "text\n");
    check(text_of(folder / path_of(name)) == "text\n", "no carriage return is written");
}

void replaced_files(const std::filesystem::path& folder) {
    const auto path = folder / "mapped";
    const std::string old(2 * io::MappedFile::mapped_from, 'o');
    write(path, old);
    {
        const io::MappedFile mapped(path);
        mapped.release(mapped.bytes());
        // NTFS replaces it as POSIX does; elsewhere, and under Wine 8, the system refuses
        const std::string refused = refusal([&] { write(path, "new"); });
        check(refused.empty() ? text_of(path) == "new" : text_of(path) == old, "it is replaced or as it was");
        check(std::to_integer<char>(mapped.bytes().back()) == 'o', "a mapped file stays as it was");
    }
    write(path, "new");
    const io::MappedFile small(path);
    write(path, "newer");
    check(text_of(path) == "newer", "a file is replaced, also one that is read");
    const std::size_t before = files_in(folder);
    { io::AtomicFile dropped(folder / "dropped"); }
    check(files_in(folder) == before, "what is not committed leaves nothing");
    std::error_code error;
    const auto temporary = folder / "x.taxon-1-0.part";
    {
        const system::File living = system::File::create(temporary, 0600, error);
        system::remove_if_unlocked(temporary);
        check(!error && std::filesystem::exists(temporary), "a temporary file of a living process stays");
        system::File::create(temporary, 0600, error);
        check(error == std::errc::file_exists, "it is created once");
    }
    system::remove_if_unlocked(temporary);
    check(!std::filesystem::exists(temporary), "an abandoned one goes");
}

void other_files(const std::filesystem::path& folder) {
    const auto said = [](const std::filesystem::path& path) { return refusal([&] { io::MappedFile file(path); }); };
    check(said(folder).find("found a folder") != std::string::npos, "a folder is no file");
    check(said("NUL").find("[io]") != std::string::npos, "nor is a device");
    check(said(folder / "none").find("[io]") != std::string::npos, "nor what is not there");
    check(refusal([&] { io::AtomicFile file(folder / "none" / "x"); }).find("[io]") != std::string::npos,
          "nothing is written into a folder that is not there");
}

void process() {
    check(std::filesystem::is_regular_file(system::program_path()), "a program knows its file");
    check(system::process_id() != 0 && !system::host_name().empty(), "a process has a number, and its machine a name");
    check(system::allowed_processors() >= 1, "it may use a processor");
    const auto before = system::process_use();
    const std::vector<char> touched(static_cast<std::size_t>(before.peak_bytes) + (8u << 20), 'x');
    check(system::process_use().peak_bytes >= before.peak_bytes + (4 << 20), "the peak counts memory that was touched");
    check(system::process_use().seconds > 0, "it has used a processor");
    check(!system::is_terminal(system::Stream::output), "a pipe is no terminal");
    check(system::local_time(0).size() == std::string_view("1970-01-01T00:00:00+0000").size(), "a moment in ISO 8601");
}

}  // namespace

int main(int argc, char** argv) {
    system::prepare_standard_streams();
    const auto arguments = system::arguments(argc, argv);
    check(arguments.size() == 3 && arguments[2] == "*\xC3\xA4 \xF0\x9F\x98\x80",
          "an argument is UTF-8, and not expanded");
    const auto folder = path_of(arguments.at(1)) / "files";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    names(folder);
    replaced_files(folder);
    other_files(folder);
    process();
    std::cout << failures << " failures\n";
    return failures == 0 ? 0 : 1;
}
