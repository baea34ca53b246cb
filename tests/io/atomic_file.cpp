#include <taxon/io/atomic_file.hpp>

#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using io::AtomicFile;

namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::ptrdiff_t files_in(const std::filesystem::path& folder) {
    return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

}  // namespace

TEST_CASE("AtomicFile replaces the old file when it is committed and not before") {
    const ScratchFolder folder("atomic_file");
    const auto path = folder.write("x", "old");
    {
        AtomicFile file(path);
        file.write(as_span("new"));
        CHECK(text_of(path) == "old");
        file.commit();
    }
    CHECK(text_of(path) == "new");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("AtomicFile leaves nothing behind without commit") {
    const ScratchFolder folder("atomic_file_dropped");
    const auto path = folder.write("x", "old");
    { AtomicFile(path).write(as_span("new")); }
    CHECK(text_of(path) == "old");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("AtomicFile works beside what a crash left behind") {
    const ScratchFolder folder("atomic_file_crashed");
    const auto path = folder.path() / "x";
    AtomicFile first(path), second(path);
    first.write(as_span("first"));
    second.write(as_span("second"));
    second.commit();
    CHECK(text_of(path) == "second");
    first.commit();
    CHECK(text_of(path) == "first");
}

TEST_CASE("AtomicFile says what the system refuses") {
    const ScratchFolder folder("atomic_file_refused");
    CHECK(fault_of([&] { AtomicFile(folder.path() / "no" / "x"); }) == Fault::io);
    std::filesystem::create_directories(folder.path() / "full");
    CHECK(fault_of([&] { AtomicFile(folder.path() / "full"); }) == Fault::io);
    AtomicFile file(folder.path() / "late");
    std::filesystem::create_directories(folder.path() / "late" / "x");
    CHECK(fault_of([&] { file.commit(); }) == Fault::io);
}

TEST_CASE("AtomicFile follows links, and refuses what is no regular file") {
    const ScratchFolder folder("atomic_file");
    const auto pipe = folder.write("x", "").parent_path() / "pipe";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    try {
        AtomicFile file(pipe);
        FAIL("accepted");
    } catch (const Error& error) { CHECK(error.fault() == Fault::io); }
    CHECK(std::filesystem::is_fifo(pipe));
    const auto link = pipe.parent_path() / "link";
    std::filesystem::create_symlink("target", link);
    {
        AtomicFile file(link);
        file.commit();
    }
    CHECK(std::filesystem::is_symlink(link));
    CHECK(std::filesystem::is_regular_file(pipe.parent_path() / "target"));
}
