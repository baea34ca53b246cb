#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <taxon/core/limits.hpp>
#include <taxon/core/printable.hpp>

namespace taxon {

/// The category of an error. Its name is part of the message, and tests check it for every bad input.
enum class Fault : unsigned char {
    usage,
    io,
    truncated,
    magic,
    version,
    checksum,
    limit,
    overflow,
    bounds,
    overlap,
    duplicate,
    unsupported,
    forbidden,
    syntax,
    encoding,
    type,
    shape,
    element,
    missing,
    unused,
    path,
    mismatch,
    value
};

constexpr std::string_view name_of(Fault fault) {
    constexpr std::string_view names[] = {"usage",     "io",       "truncated", "magic",    "version",   "checksum",
                                          "limit",     "overflow", "bounds",    "overlap",  "duplicate", "unsupported",
                                          "forbidden", "syntax",   "encoding",  "type",     "shape",     "element",
                                          "missing",   "unused",   "path",      "mismatch", "value"};
    return names[static_cast<int>(fault)];
}

/// The library's only exception. `what()` is a single line: file: place: [fault] found …, wanted …; remedy. Whatever a
/// file holds, the line is printable and has at most `error_line_bytes` bytes: long parts keep their ends.
class Error : public std::runtime_error {
  public:
    /// What an error says, as views: throwing code then constructs no strings from literals.
    struct Parts {
        std::string_view file{};    ///< the file at fault; empty if there is none
        std::string_view place{};   ///< the place in it: an entry, a field, a byte, a layer
        std::string_view found{};   ///< the actual value or state
        std::string_view wanted{};  ///< the expected value or state
        std::string_view remedy{};  ///< a fix that works
    };

    /// The same, owned.
    struct Facts {
        std::string file{}, place{}, found{}, wanted{}, remedy{};

        operator Parts() const { return {file, place, found, wanted, remedy}; }
    };

    [[gnu::cold, gnu::noinline]] Error(Fault fault, const Parts& parts)
        : std::runtime_error(sentence(fault, parts)),
          fault_(fault), facts_{std::string(parts.file), bounded(parts.place), bounded(parts.found),
                                bounded(parts.wanted), bounded(parts.remedy)} {}

    Fault fault() const noexcept { return fault_; }
    /// As given, but printable and bounded.
    const Facts& facts() const noexcept { return facts_; }

    /// The same error with `file` filled in: readers that work on bytes do not know where the bytes came from.
    Error in_file(std::string file) const {
        Facts facts = facts_;
        if (facts.file.empty()) facts.file = std::move(file);
        return Error(fault_, facts);
    }

  private:
    static std::string bounded(std::string_view part) { return printable(part, error_line_bytes); }

    static std::string sentence(Fault fault, const Parts& given) {
        const std::string_view parts[] = {given.file, given.place, given.found, given.wanted, given.remedy};
        constexpr std::size_t between = 40;  // the fault's name, words and punctuation
        // the longest that each part may be for all to fit: only the longest parts are cut
        std::size_t most = error_line_bytes - between;
        const auto all_fit = [&] {
            std::size_t sum = 0;
            for (const std::string_view part : parts) sum += part.size() < most ? part.size() : most;
            return sum <= error_line_bytes - between;
        };
        while (!all_fit()) --most;

        std::string text;
        const auto part = [&](std::string_view before, std::string_view what) {
            if (!what.empty()) text.append(before).append(printable(what, most));
        };
        part("", given.file);
        part(text.empty() ? "" : ": ", given.place);
        text.append(text.empty() ? "[" : ": [").append(name_of(fault)).append("]");
        part(" found ", given.found);
        part(given.found.empty() ? " wanted " : ", wanted ", given.wanted);
        part("; ", given.remedy);
        return text;
    }

    Fault fault_;
    Facts facts_;
};

}  // namespace taxon
