#include <taxon/app/model/labels_file.hpp>

#include "catch.hpp"

namespace {

struct Three {
    static constexpr std::string_view file = "/home/me/classes.txt";
    static constexpr int lines = 3;
};

}  // namespace

TEST_CASE("a file of class names for another network is an error of the compiler") {
    using namespace taxon::app;
    CHECK(labels_problem<Three>(3).view().empty());
    CHECK(labels_problem<NoLabels>(3).view().empty());
    CHECK(labels_problem<Three>(1000).view() ==
          "LABELS /home/me/classes.txt: found 3 lines, wanted 1000, one for each class of the network");
}
