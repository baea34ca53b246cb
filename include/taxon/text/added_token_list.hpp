#pragma once
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/json_scalars.hpp>
#include <taxon/text/added_tokens.hpp>

namespace taxon::text {

/// Collects the added tokens of a JSON file from its scalars: a list of objects with content, id, single_word,
/// normalized and special, or an object of such objects, whose keys are the ids. Special tokens are searched for in the
/// text as given unless they say otherwise. Throws Fault::type, ::missing and ::limit.
class AddedTokenList {
  public:
    /// Ids are floats in a network's input, exact up to there.
    static constexpr std::uint64_t most_ids = std::uint64_t{1} << 24;

    /// `path`: of the list or the object, "added_tokens/".
    AddedTokenList(std::string_view path, bool keys_are_ids, const Limits& limits)
        : path_(path), keys_are_ids_(keys_are_ids), limits_(limits) {}

    void see(const io::JsonScalar& scalar) {
        if (!scalar.folder.starts_with(path_) || scalar.folder.size() == path_.size()) return;
        if (scalar.folder.size() > path_.size() + limits_.name_bytes)  // it is compared for every scalar in it
            throw Error(Fault::limit, {.place = path_,
                                       .found = "a key of " + std::to_string(scalar.folder.size()) + " bytes",
                                       .wanted = "at most " + std::to_string(limits_.name_bytes)});
        if (scalar.folder != folder_) start(scalar.folder);
        Entry& entry = entries_.back();
        if (scalar.key == "content") {
            if (!scalar.string) refuse(Fault::type, "content", "another value", "a string");
            if (scalar.string->size() > limits_.name_bytes)
                refuse(Fault::limit, "content", std::to_string(scalar.string->size()) + " bytes",
                       "at most " + std::to_string(limits_.name_bytes));
            entry.content = *scalar.string;
        }
        if (scalar.key == "id") {
            if (!scalar.whole || *scalar.whole >= most_ids) refuse(Fault::type, "id", "another value", "a token's id");
            entry.id = static_cast<std::int32_t>(*scalar.whole);
        }
        if (scalar.key == "single_word") entry.single_word = flag(scalar);
        if (scalar.key == "normalized") entry.normalised = flag(scalar);
        if (scalar.key == "special") entry.special = flag(scalar);
    }

    /// Throws Fault::missing for an entry without content or id.
    std::vector<AddedToken> finish() const {
        std::vector<AddedToken> tokens;
        for (const Entry& one : entries_) {
            if (!one.content || !one.id)
                throw Error(Fault::missing, {.place = std::string(path_) + ", entry " + std::to_string(tokens.size()),
                                             .found = one.content ? "no id" : "no content",
                                             .wanted = "both"});
            tokens.push_back({.content = *one.content,
                              .id = *one.id,
                              .single_word = one.single_word,
                              .normalised = one.normalised.value_or(!one.special)});
        }
        return tokens;
    }

  private:
    struct Entry {
        std::optional<std::string> content{};
        std::optional<std::int32_t> id{};
        bool single_word = false, special = false;
        std::optional<bool> normalised{};
    };

    void start(std::string_view folder) {
        if (entries_.size() == limits_.vocabulary_tokens)
            throw Error(Fault::limit, {.place = std::string(path_),
                                       .found = "one more token",
                                       .wanted = "at most " + std::to_string(limits_.vocabulary_tokens)});
        folder_ = folder;
        entries_.emplace_back();
        if (!keys_are_ids_) return;
        folder = folder.substr(path_.size(), folder.size() - path_.size() - 1);
        std::uint32_t number = 0;
        const auto end = std::from_chars(folder.data(), folder.data() + folder.size(), number).ptr;
        if (end == folder.data() + folder.size() && number < most_ids)
            entries_.back().id = static_cast<std::int32_t>(number);
    }

    bool flag(const io::JsonScalar& scalar) const {
        if (scalar.other != "true" && scalar.other != "false")
            refuse(Fault::type, std::string(scalar.key), "another value", "true or false");
        return scalar.other == "true";
    }

    [[noreturn]] void refuse(Fault fault, std::string field, std::string found, std::string wanted) const {
        throw Error(fault,
                    {.place = "field " + folder_ + field, .found = std::move(found), .wanted = std::move(wanted)});
    }

    std::string_view path_;
    bool keys_are_ids_;
    Limits limits_;
    std::string folder_;
    std::vector<Entry> entries_;
};

}  // namespace taxon::text
