#include <taxon/io/atomic_file.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

/// Does work() in a child, which has looked at no folder yet. Whether it ended by itself, without an exception.
template <class Work>
bool succeeds_in_child(Work work) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        try {
            work();
        } catch (...) { _exit(1); }
        _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

::mode_t mode_of(const std::filesystem::path& path) {
    struct ::stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    return facts.st_mode & 07777;
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

TEST_CASE("F10: AtomicFile says what the system refuses") {
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

TEST_CASE("A20: a limit of a file's size is an error, and nothing is left") {
    const ScratchFolder folder("atomic_file_limit");
    const auto path = folder.write("x", "old");
    CHECK(succeeds_in_child([&] {
        const rlimit most{100, 100};
        if (setrlimit(RLIMIT_FSIZE, &most) != 0) throw 1;
        AtomicFile(folder.path() / "small").write(as_span(std::string(100, 'a')));
        if (fault_of([&] {
                AtomicFile file(path);
                file.write(as_span(std::string(60, 'a')));
                file.write(as_span(std::string(41, 'a')));
            }) != Fault::io)
            throw 2;
    }));
    CHECK(text_of(path) == "old");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("A20: the next write to a folder removes what dead processes left, and nothing else") {
    const ScratchFolder folder("atomic_file_dead");
    const auto path = folder.path() / "x", other = folder.path() / "other";
    for (const auto& file : {path, other})
        CHECK(succeeds_in_child([&] {
            AtomicFile left(file);
            left.write(as_span("half"));
            _exit(0);
        }));
    CHECK(files_in(folder.path()) == 1);  // the second one found what the first left
    folder.write("mine.part", "text");
    folder.write("mine.taxon-notes", "text");
    AtomicFile living(folder.path() / "living");  // this is the process's first write here
    CHECK(files_in(folder.path()) == 3);
    living.write(as_span("whole"));
    CHECK(succeeds_in_child([&] {
        AtomicFile file(path);
        file.write(as_span("new"));
        file.commit();
    }));
    living.commit();
    CHECK(text_of(folder.path() / "living") == "whole");
    CHECK(text_of(path) == "new");
    CHECK(files_in(folder.path()) == 4);
}

TEST_CASE("A21: a file that is replaced keeps its mode, and a new one has the usual one") {
    const ScratchFolder folder("atomic_file_mode");
    const auto path = folder.write("x", "old");
    for (const ::mode_t mode : {0600u, 0640u, 0444u, 0755u, 0666u}) {
        REQUIRE(chmod(path.c_str(), mode) == 0);
        AtomicFile file(path);
        file.commit();
        CHECK(mode_of(path) == mode);
    }
    const ::mode_t mask = umask(022);
    AtomicFile file(folder.path() / "new");
    file.commit();
    umask(mask);
    CHECK(mode_of(folder.path() / "new") == 0644);
}

TEST_CASE("A21: a name may be as long as the system's longest") {
    const ScratchFolder folder("atomic_file_long");
    std::string umlauts = "x";
    for (int i = 0; i < 127; ++i) umlauts += "ä";
    for (const std::string& name : {std::string(250, 'a'), std::string(255, 'a'), umlauts}) {
        AtomicFile file(folder.path() / name), same(folder.path() / name);
        file.commit();
        CHECK(std::filesystem::exists(folder.path() / name));
    }
    CHECK(files_in(folder.path()) == 3);
    CHECK(fault_of([&] {
              AtomicFile file(folder.path() / std::string(256, 'a'));
              file.commit();
          }) == Fault::io);
}

TEST_CASE("AtomicFile follows a link to another folder, and refuses links in a circle") {
    const ScratchFolder folder("atomic_file_links");
    const auto target = std::filesystem::absolute(folder.write("elsewhere/target", "old"));
    const auto link = folder.path() / "link", circle = folder.path() / "circle";
    std::filesystem::create_symlink(target, link);
    {
        AtomicFile file(link);
        file.write(as_span("new"));
        file.commit();
    }
    CHECK(std::filesystem::is_symlink(link));
    CHECK(text_of(target) == "new");
    std::filesystem::create_symlink("circle", circle);
    const Error error = error_of([&] { AtomicFile{circle}; });
    CHECK(error.fault() == Fault::io);
    CHECK(error.facts().found.starts_with("a name that cannot be looked up: "));
}

TEST_CASE("A20: the error of a file that would be too large says how large it may be") {
    const ScratchFolder folder("atomic_file_limit_said");
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit most{100, before.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &most) == 0);
    const Error error = error_of([&] { AtomicFile(folder.path() / "x").write(as_span(std::string(101, 'a'))); });
    REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK(error.fault() == Fault::io);
    CHECK(error.facts().wanted == "at most 100 bytes, as ulimit -f says");
    CHECK(files_in(folder.path()) == 0);
}
