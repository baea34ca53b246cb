#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

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

/// The library's only exception. `what()` is a single line: file: place: [fault] found …, wanted …; remedy.
class Error : public std::runtime_error {
  public:
    struct Facts {
        std::string file{};    ///< the file at fault; empty if there is none
        std::string place{};   ///< the place in it: an entry, a field, a byte, a layer
        std::string found{};   ///< the actual value or state
        std::string wanted{};  ///< the expected value or state
        std::string remedy{};  ///< a fix that works
    };

    Error(Fault fault, Facts facts)
        : std::runtime_error(sentence(fault, facts)), fault_(fault), facts_(std::move(facts)) {}

    Fault fault() const noexcept { return fault_; }
    const Facts& facts() const noexcept { return facts_; }

    /// The same error with `file` filled in: readers that work on bytes do not know where the bytes came from.
    Error in_file(std::string file) const {
        Facts facts = facts_;
        if (facts.file.empty()) facts.file = std::move(file);
        return Error(fault_, std::move(facts));
    }

  private:
    static std::string sentence(Fault fault, const Facts& facts) {
        std::string text;
        const auto part = [&](std::string_view before, const std::string& what) {
            if (!what.empty()) text.append(text.empty() ? "" : before).append(what);
        };
        part("", facts.file);
        part(": ", facts.place);
        text.append(text.empty() ? "[" : ": [").append(name_of(fault)).append("]");
        if (!facts.found.empty()) text.append(" found ").append(facts.found);
        if (!facts.wanted.empty()) text.append(facts.found.empty() ? " wanted " : ", wanted ").append(facts.wanted);
        if (!facts.remedy.empty()) text.append("; ").append(facts.remedy);
        for (char& c : text)
            if (static_cast<unsigned char>(c) < ' ') c = ' ';  // a hostile name must not break the line
        return text;
    }

    Fault fault_;
    Facts facts_;
};

}  // namespace taxon
