#include <taxon/io/offline_file.hpp>

#include <thread>

#include "catch.hpp"
#include "io/offline_bytes.hpp"

using namespace taxon;
using namespace taxon::test;
using io::OfflineFile;

namespace {

std::string text(const OfflineFile& file, std::string_view name) {
    return std::string(io::as_text(file.section(name)));
}

/// Changes a byte of the file itself.
void damage(const std::filesystem::path& path, std::streamoff at) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(at);
    file.put('!');
}

}  // namespace

TEST_CASE("OfflineFile gives every section as it was written") {
    const ScratchFolder folder("offline_file");
    write_offline_content(folder.path() / "x");
    const OfflineFile file = OfflineFile::open(folder.path() / "x");
    CHECK(file.path() == folder.path() / "x");
    CHECK(file.fingerprint() == offline_fingerprint);
    CHECK(file.names() == std::vector<std::string_view>{"facts", "weights", "nothing", "labels"});
    for (const auto& [name, bytes] : offline_content) {
        CHECK(file.contains(name));
        CHECK(text(file, name) == bytes);
        CHECK(reinterpret_cast<std::uintptr_t>(file.section(name).data()) % 64 == 0);
    }
    CHECK(!file.contains("weight"));
    CHECK(error_of([&] { file.section("weight"); }).fault() == Fault::missing);
    CHECK_NOTHROW(file.check());
}

TEST_CASE("OfflineFile leaves the bytes where they are when it moves") {
    const ScratchFolder folder("offline_file_moves");
    write_offline_content(folder.path() / "x");
    OfflineFile first = OfflineFile::open(folder.path() / "x");
    const std::byte* const weights = first.section("weights").data();
    OfflineFile second = std::move(first);
    CHECK(second.section("weights").data() == weights);
    OfflineFile third = OfflineFile::open(folder.path() / "x");
    third = std::move(second);
    CHECK(third.section("weights").data() == weights);
    CHECK(text(third, "labels") == offline_content[3].second);
    CHECK_NOTHROW(third.check());
}

TEST_CASE("OfflineFile holds a section against its checksum when it is first used, and check always") {
    const ScratchFolder folder("offline_file_damaged");
    const auto path = folder.path() / "x";
    write_offline_content(path);
    const OfflineFile before = OfflineFile::open(path);
    CHECK(text(before, "weights") == offline_content[1].second);
    damage(path, 320 + 100);  // in the weights
    const OfflineFile after = OfflineFile::open(path);
    CHECK(text(after, "labels") == offline_content[3].second);
    for (int use = 0; use < 2; ++use) {
        const Error error = error_of([&] { after.section("weights"); });
        CHECK(error.fault() == Fault::checksum);
        CHECK(error.facts().file == path.string());
        CHECK(error.facts().place == "section 'weights'");
        CHECK(!error.facts().remedy.empty());
    }
    CHECK(error_of([&] { after.check(); }).facts().place == "section 'weights'");
    CHECK_NOTHROW(before.section("weights"));
    CHECK_NOTHROW(before.check());  // a small file was read as it was
}

TEST_CASE("OfflineFile names the file in every error") {
    const ScratchFolder folder("offline_file_bad");
    const auto fault = [&](const std::string& bytes) {
        const auto path = folder.write("x", bytes);
        const Error error = error_of([&] { OfflineFile::open(path).check(); });
        CHECK(error.facts().file == path.string());
        return error.fault();
    };
    const std::string bytes = offline_bytes();
    CHECK(fault("") == Fault::truncated);
    CHECK(fault("hello") == Fault::magic);
    CHECK(fault(bytes.substr(0, 300)) == Fault::truncated);
    CHECK(fault(bytes + "x") == Fault::unused);
    CHECK(fault(std::string(bytes).replace(30, 1, "x")) == Fault::checksum);
    // in the zeros behind the first section
    CHECK(fault(std::string(bytes).replace(266, 1, "x")) == Fault::checksum);
    CHECK(error_of([&] { OfflineFile::open(folder.path() / "no"); }).fault() == Fault::io);
}

TEST_CASE("OfflineFile may be used by several threads at once") {
    const ScratchFolder folder("offline_file_threads");
    const auto path = folder.path() / "x";
    const std::string large(1 << 20, 'x');
    io::OfflineWriter::write(
        path, 0, std::vector<io::OfflineSection>{{"large", as_span(large)}, {"small", as_span(large).first(9)}});
    for (int round = 0; round < 20; ++round) {
        const OfflineFile file = OfflineFile::open(path);
        std::vector<std::size_t> sizes(4);
        std::vector<std::thread> threads;
        for (std::size_t& size : sizes)
            threads.emplace_back([&] { size = file.section("large").size() + file.section("small").size(); });
        for (std::thread& thread : threads) thread.join();
        CHECK(sizes == std::vector<std::size_t>(4, large.size() + 9));
    }
}
