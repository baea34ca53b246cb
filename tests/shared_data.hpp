#pragma once
#include <filesystem>
#include <optional>
#include "catch.hpp"
#include "source_folder.hpp"

/// The developers' reference data beside the checkout; a user who has only the repository does not have it.
inline std::optional<std::filesystem::path> shared_data() {
    auto folder = source_folder().parent_path() / "shared";
    if (std::filesystem::exists(folder / "golden")) return folder;
    return std::nullopt;
}

/// First line of a test that needs it: `const auto shared = shared_data(); if (!shared) SKIPPED("skipped: no shared
/// data");`
#define SKIPPED(reason)                                                                                                \
    do {                                                                                                               \
        WARN(reason);                                                                                                  \
        SUCCEED(reason);                                                                                               \
        return;                                                                                                        \
    } while (false)
