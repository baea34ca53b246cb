#include <taxon/plan/operations.hpp>

#include <set>

#include "catch.hpp"

using namespace taxon;

TEST_CASE("kernels have names of their own") {
    std::set<std::string_view> names;
    for (int kernel = 0; kernel <= static_cast<int>(Kernel::boxes); ++kernel)
        names.insert(name_of(static_cast<Kernel>(kernel)));
    CHECK(names.size() == static_cast<std::size_t>(Kernel::boxes) + 1);
    CHECK(names.count("") == 0);
    CHECK(name_of(Kernel::winograd) == "winograd");
}
