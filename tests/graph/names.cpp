#include <taxon/graph/names.hpp>

#include <set>

#include "catch.hpp"

using namespace taxon;

namespace {

/// The number of distinct non-empty names of the values from 0 to `last`.
template <class Enum>
std::size_t names_up_to(Enum last) {
    std::set<std::string_view> names;
    for (int value = 0; value <= static_cast<int>(last); ++value) names.insert(name_of(static_cast<Enum>(value)));
    names.erase("");
    return names.size();
}

}  // namespace

TEST_CASE("operations, activations and poolings have names of their own") {
    CHECK(names_up_to(static_cast<Op>(op_count - 1)) == op_count);
    CHECK(names_up_to(static_cast<Activation::Kind>(Activation::count - 1)) == Activation::count);
    CHECK(names_up_to(Pooling::max) == static_cast<std::size_t>(Pooling::max) + 1);
    CHECK(names_up_to(Interpolation::bilinear) == 3);
    CHECK(name_of(Op::convolution) == "convolution");
    CHECK(name_of(static_cast<Op>(200)).empty());
}
