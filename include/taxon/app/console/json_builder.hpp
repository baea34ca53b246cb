#pragma once
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <taxon/app/console/json_object.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/json_keys.hpp>
#include <taxon/io/json_reader.hpp>
#include <utility>
#include <vector>

namespace taxon::app {

/// Handler of io::JsonReader that makes a document, in time and memory linear in the text: nlohmann's own parser looks
/// through all keys of an object for each new one. Throws Fault::duplicate (a key twice), ::overflow (a number beyond a
/// double) and ::limit (more values than limits.json_values within the outermost, a string
/// with escapes of more than limits.line_bytes, which would be in memory a third time; others may be of any length, and
/// those of a result are).
class JsonBuilder {
  public:
    /// Reads an object or a list. Throws what io::JsonReader does as well; `place` names the text.
    static Json read(std::string_view text, std::string_view place, io::JsonRoot root = io::JsonRoot::object,
                     const Limits& limits = {});

    void start_object() {
        keys_.start_object();
        start();
    }
    void end_object() {
        auto value = first_of_innermost();
        Json::object_t members;
        members.reserve(static_cast<std::size_t>(values_.end() - value));
        keys_.end_object([&](std::string&& key) { members.emplace_back(std::move(key), std::move(*value++)); });
        close(std::move(members));
    }
    void start_array() { start(); }
    void end_array() {
        close(Json::array_t(std::make_move_iterator(first_of_innermost()), std::make_move_iterator(values_.end())));
    }
    void key(std::string_view name) {
        check_length(name);
        keys_.add(name);
    }
    void string(std::string_view value) {
        check_length(value);
        add(std::string(value));
    }
    void integer(std::uint64_t value) { add(value); }
    void other(std::string_view spelt) {
        if (spelt == "null") return add(nullptr);
        if (spelt == "true" || spelt == "false") return add(spelt == "true");
        if (std::int64_t whole = 0; reads_as(spelt, whole)) return add(whole);
        double number = 0;
        if (!reads_as(spelt, number))
            throw Error(Fault::overflow, {.place = "number", .found = std::string(spelt), .wanted = "a double"});
        add(number);
    }

  private:
    JsonBuilder(std::string_view text, const Limits& limits)
        : text_(text), most_(limits.json_values), longest_(limits.line_bytes), keys_(limits.json_values) {}

    template <class Number>
    static bool reads_as(std::string_view spelt, Number& number) {
        const char* const end = spelt.data() + spelt.size();
        return std::from_chars(spelt.data(), end, number) == std::from_chars_result{end, std::errc()};
    }

    std::vector<Json>::iterator first_of_innermost() {
        return values_.begin() + static_cast<std::ptrdiff_t>(starts_.back());
    }
    void close(Json value) {
        values_.resize(starts_.back());
        starts_.pop_back();
        values_.push_back(std::move(value));
    }
    void start() {
        if (!starts_.empty()) count();
        starts_.push_back(values_.size());
    }
    template <class Value>
    void add(Value&& value) {
        count();
        values_.emplace_back(std::forward<Value>(value));
    }
    void check_length(std::string_view string) const {
        const bool is_part = string.data() >= text_.data() && string.data() < text_.data() + text_.size();
        if (!is_part && string.size() > longest_)
            throw Error(Fault::limit, {.place = "JSON",
                                       .found = "a string with escapes of " + std::to_string(string.size()) + " bytes",
                                       .wanted = "at most " + std::to_string(longest_)});
    }
    void count() {
        if (++count_ > most_)
            throw Error(Fault::limit,
                        {.place = "JSON", .found = "more values", .wanted = "at most " + std::to_string(most_)});
    }

    std::string_view text_;
    std::size_t most_, longest_, count_ = 0;
    std::vector<Json> values_;         ///< of all open objects and lists
    std::vector<std::size_t> starts_;  ///< of each
    io::JsonKeys keys_;
};

}  // namespace taxon::app
