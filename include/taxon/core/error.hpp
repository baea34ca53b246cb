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
    struct Facts {
        std::string file{};    ///< the file at fault; empty if there is none
        std::string place{};   ///< the place in it: an entry, a field, a byte, a layer
        std::string found{};   ///< the actual value or state
        std::string wanted{};  ///< the expected value or state
        std::string remedy{};  ///< a fix that works
    };

    Error(Fault fault, const Facts& facts)
        : std::runtime_error(sentence(fault, facts)),
          fault_(fault), facts_{facts.file, bounded(facts.place), bounded(facts.found), bounded(facts.wanted),
                                bounded(facts.remedy)} {}

    Fault fault() const noexcept { return fault_; }
    /// As given, but for what no line would show.
    const Facts& facts() const noexcept { return facts_; }

    /// The same error with `file` filled in: readers that work on bytes do not know where the bytes came from.
    Error in_file(std::string file) const {
        Facts facts = facts_;
        if (facts.file.empty()) facts.file = std::move(file);
        return Error(fault_, facts);
    }

  private:
    static std::string bounded(std::string_view part) { return printable(part, error_line_bytes); }

    static std::string sentence(Fault fault, const Facts& facts) {
        const std::string* const parts[] = {&facts.file, &facts.place, &facts.found, &facts.wanted, &facts.remedy};
        constexpr std::size_t between = 40;  // the fault's name, words and punctuation
        // the most of each part with which all of them fit: only the longest are cut
        std::size_t most = error_line_bytes - between;
        const auto all_fit = [&] {
            std::size_t sum = 0;
            for (const std::string* part : parts) sum += part->size() < most ? part->size() : most;
            return sum <= error_line_bytes - between;
        };
        while (!all_fit()) --most;

        std::string text;
        const auto part = [&](std::string_view before, const std::string& what) {
            if (!what.empty()) text.append(before).append(printable(what, most));
        };
        part("", facts.file);
        part(text.empty() ? "" : ": ", facts.place);
        text.append(text.empty() ? "[" : ": [").append(name_of(fault)).append("]");
        part(" found ", facts.found);
        part(facts.found.empty() ? " wanted " : ", wanted ", facts.wanted);
        part("; ", facts.remedy);
        return text;
    }

    Fault fault_;
    Facts facts_;
};

}  // namespace taxon
