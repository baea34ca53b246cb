#include <taxon/plan/operations.hpp>

#include <set>

#include "catch.hpp"

using namespace taxon;

TEST_CASE("kernels have names of their own") {
    std::set<std::string_view> names;
    for (std::size_t kernel = 0; kernel < kernel_count; ++kernel) names.insert(name_of(static_cast<Kernel>(kernel)));
    CHECK(names.size() == kernel_count);
    CHECK(names.count("") == 0);
    CHECK(name_of(Kernel::winograd) == "winograd");
}
