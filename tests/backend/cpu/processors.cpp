#include <taxon/backend/cpu/processors.hpp>

#include "app/program.hpp"
#include "catch.hpp"

#include <algorithm>
#include <vector>

using namespace taxon::cpu;

TEST_CASE("a quota in whole processors") {
    CHECK(processors_of_quota("200000", 100000) == 2);
    CHECK(processors_of_quota("250000", 100000) == 2);
    CHECK(processors_of_quota("50000", 100000) == 1);
    CHECK_FALSE(processors_of_quota("max", 100000));
    CHECK_FALSE(processors_of_quota("-1", 100000));
    CHECK_FALSE(processors_of_quota("", 100000));
    CHECK_FALSE(processors_of_quota("nonsense", 100000));
    CHECK_FALSE(processors_of_quota("100000", 0));
}

TEST_CASE("the tightest cgroup on the way up counts, in both versions") {
    const TestFolder folder;
    write_text(folder.path() / "outer/cpu.max", "300000 100000\n");
    write_text(folder.path() / "outer/inner/cpu.max", "max 100000\n");
    write_text(folder.path() / "outer/inner/old/cpu.cfs_quota_us", "-1\n");
    write_text(folder.path() / "outer/inner/old/cpu.cfs_period_us", "100000\n");
    CHECK(cgroup_processors(folder / "outer/inner/old", folder.path()) == 3);
    CHECK(cgroup_processors(folder / "outer", folder.path()) == 3);
    CHECK_FALSE(cgroup_processors(folder / "outer/inner", folder / "outer/inner"));
    write_text(folder.path() / "outer/inner/old/cpu.cfs_quota_us", "200000\n");
    CHECK(cgroup_processors(folder / "outer/inner/old", folder.path()) == 2);
}

TEST_CASE("this process may use at least one processor") { CHECK(usable_processors() >= 1); }

TEST_CASE("this process's cgroups lie in their hierarchies, each once") {
    std::vector<std::filesystem::path> seen;
    for (const auto& [group, root] : cgroups_of_process()) {
        INFO(group);
        CHECK(group.native().starts_with(root.native()));
        CHECK(std::find(seen.begin(), seen.end(), group) == seen.end());
        seen.push_back(group);
    }
    SUCCEED("there may be none");
}
