#pragma once
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <taxon/core/code_point.hpp>
#include <taxon/core/error.hpp>
#include <taxon/io/utf8.hpp>
#include <vector>

namespace taxon::io {

/// The required type of a JSON text's outermost value.
enum class JsonRoot : std::uint8_t { object, list };

/// Event parser for JSON (RFC 8259): reports values to a handler in order and keeps nothing: no tree, no recursion,
/// memory for the nesting and one string only. The handler has start_object(), end_object(), start_array(),
/// end_array(), key(std::string_view), string(std::string_view), integer(std::uint64_t) for integers without sign,
/// fraction and exponent, and other(std::string_view) for everything else; views are valid during the call.
///
/// Every program that loads a model parses a header with it, so it must compile fast, which JSON libraries do not.
/// A byte-order mark is passed over. Faults: encoding (not UTF-8, half a surrogate pair), syntax, limit (nested deeper
/// than `deepest`), overflow (past 2^64).
template <class Handler>
class JsonReader {
  public:
    /// `place` names the text in errors.
    static void read(std::string_view text, std::size_t deepest, std::string_view place, Handler& handler,
                     JsonRoot root = JsonRoot::object) {
        JsonReader(text, deepest, place, handler).run(root);
    }

  private:
    enum class Inside : std::uint8_t { object, array };

    JsonReader(std::string_view text, std::size_t deepest, std::string_view place, Handler& handler)
        : text_(text), deepest_(deepest), place_(place), handler_(handler),
          at_(text.size() - without_mark(text).size()) {}

    void run(JsonRoot root) {
        if (!is_utf8(text_)) fail(Fault::encoding, "text that is not UTF-8", "UTF-8");
        skip_space();
        if (peek() != (root == JsonRoot::object ? '{' : '[')) {
            if (peek() == '{' || peek() == '[') check_depth(at_ + 1, 1);
            fail(Fault::syntax, "something else", root == JsonRoot::object ? "a JSON object" : "a JSON list");
        }
        do value();
        while (!inside_.empty());
        skip_space();
        if (at_ != text_.size()) fail(Fault::syntax, "more after the JSON's end", "nothing");
    }

    /// Reads one value, or the start of a container, and then all closing brackets and commas up to the start of the
    /// next value.
    void value() {
        skip_space();
        switch (peek()) {
            case '{': return open(Inside::object);
            case '[': return open(Inside::array);
            case '"': handler_.string(quoted()); break;
            case 't': word("true"); break;
            case 'f': word("false"); break;
            case 'n': word("null"); break;
            default: number();
        }
        next();
    }

    void open(Inside what) {
        if (inside_.size() == deepest_) fail_deeper(at_);
        ++at_;
        inside_.push_back(what);
        try {
            what == Inside::object ? handler_.start_object() : handler_.start_array();
        } catch (const Error&) {
            check_depth(at_, inside_.size());
            throw;
        }
        skip_space();
        if (peek() == closing()) {
            close();
            next();
        } else if (what == Inside::object) {
            member();
        }
    }

    /// Of a container that is refused, nesting is checked first, so that the verdict on it does not depend on the
    /// reader. Its contents begin at `at` and are `depth` deep.
    void check_depth(std::size_t at, std::size_t depth) const {
        for (const std::size_t start = depth; at < text_.size() && depth >= start; ++at) {
            const char c = text_[at];
            if (c == '"') at = end_of_string(at + 1);
            else if (c == '}' || c == ']') --depth;
            else if ((c == '{' || c == '[') && ++depth > deepest_) fail_deeper(at);
        }
    }
    [[noreturn]] void fail_deeper(std::size_t at) const {
        fail(Fault::limit, "JSON nested deeper", "at most " + std::to_string(deepest_) + " levels", at);
    }

    /// The place of the quote that ends a string, or of the text's end.
    std::size_t end_of_string(std::size_t at) const {
        while (at < text_.size() && text_[at] != '"') at += text_[at] == '\\' ? std::size_t{2} : std::size_t{1};
        return std::min(at, text_.size());
    }

    void close() {
        expect(closing());
        const Inside what = inside_.back();
        inside_.pop_back();
        what == Inside::object ? handler_.end_object() : handler_.end_array();
    }

    /// Follows a value: a comma and the next member's key, or the ends of the enclosing containers.
    void next() {
        while (!inside_.empty()) {
            skip_space();
            if (peek() == ',') {
                ++at_;
                if (inside_.back() == Inside::object) member();
                return;
            }
            close();
        }
    }

    void member() {
        skip_space();
        if (peek() != '"') fail(Fault::syntax, "no key", "a string");
        handler_.key(quoted());
        skip_space();
        expect(':');
    }

    /// A part of the text, or of unescaped_ where it has escapes.
    std::string_view quoted() {
        ++at_;
        std::string_view string = plain_part();
        if (peek() == '\\') {
            unescaped_ = string;
            while (peek() == '\\') {
                ++at_;
                escape();
                unescaped_ += plain_part();
            }
            string = unescaped_;
        }
        if (peek() != '"') fail(Fault::syntax, "a control character in a string", "an escape");
        ++at_;
        return string;
    }

    /// Everything up to a quote, a backslash or a control character.
    std::string_view plain_part() {
        const std::size_t start = at_;
        pass([](char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= ' '; });
        return {text_.data() + start, at_ - start};
    }

    void escape() {
        constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        const char letter = peek();
        ++at_;
        if (letter == 'u') return append_code_point(unescaped_, code_point());
        const std::size_t which = letters.find(letter);
        if (which == letters.npos) fail(Fault::syntax, "an unknown escape", "one of JSON");
        unescaped_.push_back(meanings[which]);
    }

    /// Two escapes encode a character above U+FFFF, the high surrogate first.
    std::uint32_t code_point() {
        const std::uint32_t first = four_digits();
        if (first < 0xD800u || first > 0xDFFFu) return first;
        if (first > 0xDBFFu || text_.substr(at_, 2) != "\\u")
            fail(Fault::encoding, "half a surrogate pair", "both halves");
        at_ += 2;
        const std::uint32_t second = four_digits();
        if (second < 0xDC00u || second > 0xDFFFu) fail(Fault::encoding, "half a surrogate pair", "both halves");
        return 0x10000u + ((first - 0xD800u) << 10) + (second - 0xDC00u);
    }

    std::uint32_t four_digits() {
        std::uint32_t number = 0;
        const std::string_view digits = text_.substr(at_, 4);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
        if (digits.size() != 4 || error != std::errc{} || end != digits.data() + 4)
            fail(Fault::syntax, "an unfinished \\u escape", "four digits");
        at_ += 4;
        return number;
    }

    void word(std::string_view wanted) {
        if (text_.substr(at_, wanted.size()) != wanted) fail(Fault::syntax, "an unknown word", "true, false or null");
        at_ += wanted.size();
        handler_.other(wanted);
    }

    void number() {
        const std::size_t start = at_;
        if (peek() == '-') ++at_;
        if (peek() == '0') ++at_;
        else digits();
        const std::size_t whole_end = at_;
        if (at_ < text_.size() && text_[at_] == '.') {
            ++at_;
            digits();
        }
        if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
            ++at_;
            if (peek() == '+' || peek() == '-') ++at_;
            digits();
        }
        const std::string_view spelt = text_.substr(start, at_ - start);
        if (at_ != whole_end || spelt[0] == '-') return handler_.other(spelt);
        std::uint64_t whole = 0;
        if (std::from_chars(spelt.data(), spelt.data() + spelt.size(), whole).ec != std::errc{})
            fail(Fault::overflow, "a number of " + std::to_string(spelt.size()) + " digits", "less than 2^64");
        handler_.integer(whole);
    }

    void digits() {
        const std::size_t start = at_;
        pass([](char c) { return c >= '0' && c <= '9'; });
        if (at_ == start) fail(Fault::syntax, "no value", "a JSON value");
    }

    char peek() const {
        if (at_ >= text_.size()) fail(Fault::syntax, "the end of the text", "the rest of the JSON");
        return text_[at_];
    }
    void expect(char wanted) {
        if (peek() != wanted) fail(Fault::syntax, "something else", std::string("'") + wanted + "'");
        ++at_;
    }
    char closing() const { return inside_.back() == Inside::object ? '}' : ']'; }
    void skip_space() {
        pass([](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    }
    /// Goes on to the first character that is none of these, or to the end.
    template <class IsOne>
    void pass(IsOne is_one) {
        std::size_t at = at_;  // not the member: a character may be a byte of it, for all the compiler knows
        while (at < text_.size() && is_one(text_[at])) ++at;
        at_ = at;
    }

    [[noreturn]] void fail(Fault fault, std::string_view found, std::string_view wanted) const {
        fail(fault, found, wanted, at_);
    }
    [[noreturn]] void fail(Fault fault, std::string_view found, std::string_view wanted, std::size_t at) const {
        throw Error(fault, {.place = std::string(place_) + ", byte " + std::to_string(at),
                            .found = found,
                            .wanted = wanted,
                            .remedy = fault == Fault::encoding ? "save it as UTF-8"
                                      : fault == Fault::limit  ? "write it with fewer levels"
                                                               : "mend it there, or write it again"});
    }

    std::string_view text_;
    std::size_t deepest_;
    std::string_view place_;
    Handler& handler_;
    std::size_t at_;
    std::vector<Inside> inside_;
    std::string unescaped_;
};

}  // namespace taxon::io
