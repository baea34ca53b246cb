#include <taxon/core/real.hpp>

#include <type_traits>

#include "catch.hpp"

namespace {

template <taxon::Real Number>
struct Of {
    static constexpr double number = Number;
};

}  // namespace

TEST_CASE("a template argument keeps every digit of a number, whatever its type") {
    STATIC_REQUIRE(Of<0.1>::number == 0.1);
    STATIC_REQUIRE(Of<-1>::number == -1.0);
    STATIC_REQUIRE(Of<0.1f>::number == static_cast<double>(0.1f));
    STATIC_REQUIRE(std::is_same_v<Of<2>, Of<2.0>>);
    STATIC_REQUIRE_FALSE(std::is_same_v<Of<0.1>, Of<0.1f>>);
}
