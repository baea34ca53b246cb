#pragma once
#include <utility>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Verbs that every program is to have, and that say so.
inline void add_verbs_to_come(CLI::App& program) {
    constexpr std::pair<const char*, const char*> verbs[] = {
        {"profile", "Show the time of each layer (not built yet)"},
        {"diff", "Find the first layer that differs (not built yet)"},
        {"export-onnx", "Write an ONNX model (not built yet)"},
        {"serve", "Answer over HTTP (not built yet)"}};
    for (const auto& [verb, description] : verbs) program.add_subcommand(verb, description)->allow_extras();
}

}  // namespace taxon::app
