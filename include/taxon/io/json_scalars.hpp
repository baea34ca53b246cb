#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/limits.hpp>
#include <taxon/io/json_keys.hpp>
#include <taxon/io/json_reader.hpp>

namespace taxon::io {

/// A scalar of a JSON text (number, string, true, false or null) and its path: the keys that lead to it, joined by '/';
/// list indices count from 0.
struct JsonScalar {
    std::string_view folder;               ///< "model/vocab/"
    std::string_view key;                  ///< "[CLS]"
    std::optional<std::string> string{};   ///< if it is a string
    std::optional<std::uint64_t> whole{};  ///< if it is a number without sign, fraction and exponent
    std::string_view other{};              ///< anything else, as written: true, false, null, -1, 0.5

    bool is(std::string_view path) const {
        return path.size() == folder.size() + key.size() && path.starts_with(folder) && path.ends_with(key);
    }
};

/// Passes every scalar of a JSON object, or of a list, in order to see(JsonScalar&&); the views are valid during the
/// call only. Nothing is kept but keys. Throws as `JsonReader` and `JsonKeys` do.
template <class See>
void for_each_json_scalar(std::string_view text, std::string_view place, See&& see, const Limits& limits = {},
                          JsonRoot root = JsonRoot::object) {
    struct Handler {
        struct Level {
            std::size_t folder_size;
            bool list;
            std::size_t next = 0;
        };
        See& see;
        JsonKeys keys;
        std::string folder{}, key_now{};
        std::vector<Level> levels{};

        void open(bool list) {
            name_element();
            const std::size_t size = folder.size();
            if (!levels.empty()) folder += key_now + '/';
            levels.push_back({size, list});
        }
        void close() {
            folder.resize(levels.back().folder_size);
            levels.pop_back();
        }
        void name_element() {
            if (!levels.empty() && levels.back().list) key_now = std::to_string(levels.back().next++);
        }
        void scalar(JsonScalar&& one) {
            name_element();
            one.folder = folder;
            one.key = key_now;
            see(std::move(one));
        }

        void start_object() {
            open(false);
            keys.start_object();
        }
        void end_object() {
            keys.end_object();
            close();
        }
        void start_array() { open(true); }
        void end_array() { close(); }
        void key(std::string_view name) {
            key_now = name;
            keys.add(name);
        }
        void string(std::string_view value) { scalar({.folder = {}, .key = {}, .string = std::string(value)}); }
        void integer(std::uint64_t value) { scalar({.folder = {}, .key = {}, .whole = value}); }
        void other(std::string_view value) { scalar({.folder = {}, .key = {}, .other = value}); }
    };
    // a vocabulary is the largest object that has a reader
    Handler handler{see, JsonKeys(2 * limits.vocabulary_tokens)};
    JsonReader<Handler>::read(text, limits.json_depth, place, handler, root);
}

}  // namespace taxon::io
