#pragma once
#include <string>
#include <taxon/core/error.hpp>

#include "catch.hpp"
#include "io/checkpoint_writer.hpp"

namespace taxon::test {

/// A bad input: its number in the table of bad inputs, its bytes, and the fault and the place that must be said of it.
struct BadInput {
    const char* name;
    std::string bytes;
    Fault fault;
    std::string place{};
};

/// Checks that `act` throws the error of a row.
template <class Act>
void check_refused(const BadInput& row, Act&& act) {
    INFO(row.name);
    try {
        act();
        FAIL_CHECK("nothing thrown");
    } catch (const Error& error) {
        CHECK(spelt(error.fault()) == spelt(row.fault));
        CHECK(error.facts().place == row.place);
    }
}

}  // namespace taxon::test
