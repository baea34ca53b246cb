#pragma once
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <taxon/text/vocabulary.hpp>

/// The words of a sentence, between single spaces.
inline std::vector<std::string> split_at_spaces(const std::string& sentence) {
    std::istringstream words(sentence);
    std::vector<std::string> all;
    for (std::string word; words >> word;) all.push_back(word);
    return all;
}

/// A hundredth of a real vocabulary, capitals and accents included. The special tokens are 0 to 4.
inline const std::vector<std::string>& small_tokens() {
    static const auto tokens =
        split_at_spaces("[PAD] [UNK] [CLS] [SEP] [MASK] the The ##s un ##aff ##able ##a a b c cat cafe café resume i "
                        "##i istanbul ss ß ##f 中 文 ! ? . , ' don t ( ) $ 5 ##5 ##. € "
                        "x ##x « » く か ##く ##か が abc e s σ [ ] cls ##1 1 - — ; ##ab");
    return tokens;
}

inline const taxon::text::Vocabulary& small_vocabulary() {
    static const taxon::text::Vocabulary vocabulary(small_tokens());
    return vocabulary;
}

/// The same as the file's text.
inline std::string small_vocabulary_text(std::string_view line_end = "\n") {
    std::string text;
    for (const auto& token : small_tokens()) text.append(token).append(line_end);
    return text;
}

/// Tokens with single spaces between them.
inline std::string spelt(const std::vector<taxon::text::Vocabulary::Id>& ids,
                         const taxon::text::Vocabulary& vocabulary = small_vocabulary()) {
    std::string text;
    for (const auto id : ids) text.append(text.empty() ? "" : " ").append(vocabulary.token(id));
    return text;
}
