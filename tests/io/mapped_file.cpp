#include <taxon/io/mapped_file.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sys/stat.h>
#include <taxon/io/byte_reader.hpp>
#include <unistd.h>

#include "allocations.hpp"
#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using io::MappedFile;

TEST_CASE("MappedFile shows a file's bytes and keeps them when it moves") {
    const ScratchFolder folder("mapped_file");
    MappedFile first(folder.write("a", "hello")), second(folder.write("b", "other"));
    const std::byte* start = first.bytes().data();
    MappedFile moved(std::move(first));
    CHECK(moved.bytes().data() == start);
    CHECK(moved.bytes().size() == 5);
    second = std::move(moved);
    CHECK(second.bytes().data() == start);
    CHECK(static_cast<char>(second.bytes()[4]) == 'o');
    CHECK(second.path() == folder.path() / "a");
}

TEST_CASE("MappedFile refuses what is no file") {
    const ScratchFolder folder("mapped_file_refused");
    CHECK(fault_of([&] { MappedFile(folder.path() / "none"); }) == Fault::io);
    CHECK(fault_of([&] { MappedFile(folder.path()); }) == Fault::io);
    CHECK(fault_of([&] { MappedFile(folder.write("empty")); }) == Fault::truncated);
    REQUIRE(::mkfifo((folder.path() / "pipe").c_str(), 0600) == 0);
    CHECK(fault_of([&] { MappedFile(folder.path() / "pipe"); }) == Fault::io);
    CHECK(error_of([&] { MappedFile(folder.path() / "none"); }).facts().file == (folder.path() / "none").string());
}

TEST_CASE("A19: a small file that is cut short or changed while it is open stays as it was", "[cases]") {
    const ScratchFolder folder("mapped_file_cut");
    const std::string content(MappedFile::mapped_from - 1, 'x');
    const auto path = folder.write("a", content);
    const MappedFile file(path);
    std::filesystem::resize_file(path, 0);
    CHECK(io::as_text(file.bytes()) == content);
    CHECK(reinterpret_cast<std::uintptr_t>(file.bytes().data()) % 4096 == 0);
    // A larger one is mapped, and shared with other processes.
    const MappedFile large(folder.write("b", content + "y"));
    CHECK(io::as_text(large.bytes()).ends_with("xy"));
}

TEST_CASE("a small file takes its own size from operator new, so that a sanitizer knows where it ends") {
    if (!OWN_ALLOCATOR) {
        WARN("a sanitizer's operator new does not count");
        SUCCEED();
        return;
    }
    const ScratchFolder folder("mapped_file_taken");
    const auto path = folder.write("a", std::string(100'000, 'x'));
    const std::size_t taken = peak_of([&] { const MappedFile file(path); });
    CHECK(taken >= 100'000);
    CHECK(taken < 110'000);  // a path, and what malloc rounds to
}

namespace {

/// Bytes of files that this process holds in memory.
long resident_file_bytes() {
    std::ifstream facts("/proc/self/statm");
    long size = 0, resident = 0, of_files = 0;
    facts >> size >> resident >> of_files;
    return of_files * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

TEST_CASE("a part of a mapped file that was read takes no memory once it is released, and can be read again") {
    const ScratchFolder folder("mapped_file_released");
    constexpr std::size_t size = std::size_t{16} << 20;
    const MappedFile file(folder.write("a", std::string(size, 'x') + "y"));
    const auto count = [&] { return std::count(file.bytes().begin(), file.bytes().end(), std::byte{'x'}); };
    CHECK(count() == size);
    const long before = resident_file_bytes();
    file.release(file.bytes().subspan(100, size - 200));
    CHECK(before - resident_file_bytes() > static_cast<long>(size) * 3 / 4);
    CHECK(count() == size);
    CHECK(static_cast<char>(file.bytes().back()) == 'y');
    // parts of other memory are left alone, and so is a file that was read rather than mapped
    const std::string other(size, 'z');
    file.release(std::as_bytes(std::span(other)));
    CHECK(std::count(other.begin(), other.end(), 'z') == size);
    // nor does a part that covers no page take any away
    const MappedFile large(folder.write("c", other));
    const long held = resident_file_bytes();
    file.release(large.bytes()), large.release(file.bytes());  // one of them lies before the other
    file.release({}), file.release(file.bytes().subspan(1, 10));
    CHECK(held - resident_file_bytes() < static_cast<long>(size) / 4);
    const MappedFile small(folder.write("b", std::string(100'000, 'x')));
    small.release(small.bytes());
    CHECK(std::count(small.bytes().begin(), small.bytes().end(), std::byte{'x'}) == 100'000);
}
