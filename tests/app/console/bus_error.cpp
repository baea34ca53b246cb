#include <taxon/app/console/bus_error.hpp>

#include <array>
#include <string>
#include <sys/wait.h>
#include <taxon/io/mapped_file.hpp>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"

using namespace taxon;

TEST_CASE("A19: a mapped file that is cut short ends a program with 3 and a line", "[cases]") {
    const ScratchFolder folder("bus_error");
    const auto path = folder.write("a", std::string(2 * io::MappedFile::mapped_from, 'x'));
    const io::MappedFile file(path);
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const ::pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDERR_FILENO);
        std::signal(SIGBUS, SIG_DFL);  // Catch2 has a handler of its own
        app::tell_bus_errors();
        std::filesystem::resize_file(path, 1);
        ::_exit(std::to_integer<int>(file.bytes().back()) != 0 ? 100 : 101);
    }
    ::close(ends[1]);
    std::string said(1000, '\0');
    said.resize(static_cast<std::size_t>(::read(ends[0], said.data(), said.size())));
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 3);
    CHECK(said.starts_with("[truncated] found a mapped file"));
    CHECK(said.find('\n') == said.size() - 1);
}
