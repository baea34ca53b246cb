#pragma once
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>

namespace taxon::onnx::folding {

/// Throws what is wrong with a graph, at a node, a value or an input of it.
[[noreturn]] inline void fail(Fault fault, const std::string& place, std::string_view found, std::string_view wanted) {
    throw Error(fault, {.place = place, .found = found, .wanted = wanted, .remedy = "export the file again"});
}

}  // namespace taxon::onnx::folding
