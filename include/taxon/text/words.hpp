#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include <taxon/text/letter_case.hpp>
#include <taxon/text/character_kind.hpp>
#include <taxon/text/plain_form.hpp>

namespace taxon::text {

/// BERT's basic tokenization, from a text to words: controls are removed, words end at white space, every punctuation
/// mark and Chinese character is a word of its own; uncased words are in their `PlainForm`. Bytes that are not UTF-8
/// are removed, as U+FFFD itself is. An object holds the scratch memory of one split at a time.
class Words {
  public:
    explicit Words(LetterCase letter_case) : case_(letter_case) {}

    /// Passes each word in order to see(std::string_view utf8, std::size_t characters). The view is valid during the
    /// call only.
    template <class See>
    void split(std::string_view text, See&& see) {
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t start = at;
            while (at < text.size() && is_plain_letter(text[at])) ++at;
            word_.append(text.substr(start, at - start));
            if (at < text.size()) add(text, at, see);
        }
        finish(see);
    }

    /// A text as it is before it is split: controls removed, white space as spaces, spaces around Chinese characters,
    /// and its plain form if uncased.
    std::string normalised(std::string_view text) {
        characters_.clear();
        for (std::size_t at = 0; at < text.size();) {
            const char32_t code = take_code_point(text, at);
            switch (kind_of(code)) {
                case CharacterKind::removed: break;
                case CharacterKind::space: characters_.push_back(' '); break;
                case CharacterKind::ideograph: characters_.append({U' ', code, U' '}); break;
                default: characters_.push_back(code);
            }
        }
        if (case_ == LetterCase::uncased) plain_form_.apply(characters_);
        std::string made;
        for (const char32_t code : characters_) append_code_point(made, code);
        return made;
    }

  private:
    static bool is_plain_letter(char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x80 && detail::ascii_kinds[byte] == CharacterKind::letter;
    }

    /// Handles one character that is not an ASCII letter.
    template <class See>
    void add(std::string_view text, std::size_t& at, See& see) {
        const std::size_t start = at;
        const char32_t code = take_code_point(text, at);
        const std::string_view bytes = text.substr(start, at - start);
        switch (kind_of(code)) {
            case CharacterKind::removed: return;
            case CharacterKind::space: return finish(see);
            case CharacterKind::ideograph:
                finish(see);
                word_ = bytes;
                plain_ = false;
                return finish(see);
            case CharacterKind::punctuation:
                if (code < 0x80) {
                    finish(see);
                    return see(bytes, std::size_t{1});
                }
                break;  // its plain form may be another character
            case CharacterKind::letter: break;
        }
        word_.append(bytes);
        plain_ = false;
    }

    template <class See>
    void finish(See& see) {
        if (word_.empty()) return;
        if (plain_) {
            if (case_ == LetterCase::uncased)
                for (char& c : word_) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
            see(std::string_view(word_), word_.size());
        } else {
            finish_beyond_ascii(see);
        }
        word_.clear();
        plain_ = true;
    }

    template <class See>
    void finish_beyond_ascii(See& see) {
        characters_.clear();
        for (std::size_t at = 0; at < word_.size();) characters_.push_back(take_code_point(word_, at));
        if (case_ == LetterCase::uncased) plain_form_.apply(characters_);
        part_.clear();
        std::size_t length = 0;
        const auto show = [&] {
            if (length > 0) see(std::string_view(part_), length);
            part_.clear();
            length = 0;
        };
        for (const char32_t code : characters_) {
            const bool alone = kind_of(code) == CharacterKind::punctuation;
            if (alone) show();
            append_code_point(part_, code);
            ++length;
            if (alone) show();
        }
        show();
    }

    LetterCase case_;
    std::string word_, part_;
    std::u32string characters_;
    PlainForm plain_form_;
    bool plain_ = true;  ///< the word is ASCII only so far
};

}  // namespace taxon::text
