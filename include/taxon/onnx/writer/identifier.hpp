#pragma once
#include <algorithm>
#include <cctype>
#include <iterator>
#include <string>
#include <string_view>

namespace taxon::onnx::writer {

inline bool is_keyword(std::string_view word) {
    static constexpr std::string_view words[] = {
        "alignas",     "alignof",  "and",        "and_eq",    "asm",       "auto",         "bitand",
        "bitor",       "bool",     "break",      "case",      "catch",     "char",         "char16_t",
        "char32_t",    "char8_t",  "class",      "co_await",  "co_return", "co_yield",     "compl",
        "concept",     "const",    "const_cast", "consteval", "constexpr", "constinit",    "continue",
        "decltype",    "default",  "delete",     "do",        "double",    "dynamic_cast", "else",
        "enum",        "explicit", "export",     "extern",    "false",     "float",        "for",
        "friend",      "goto",     "if",         "inline",    "int",       "long",         "mutable",
        "namespace",   "new",      "noexcept",   "not",       "not_eq",    "nullptr",      "operator",
        "or",          "or_eq",    "private",    "protected", "public",    "register",     "reinterpret_cast",
        "requires",    "return",   "short",      "signed",    "sizeof",    "static",       "static_assert",
        "static_cast", "struct",   "switch",     "template",  "this",      "thread_local", "throw",
        "true",        "try",      "typedef",    "typeid",    "typename",  "union",        "unsigned",
        "using",       "virtual",  "void",       "volatile",  "wchar_t",   "while",        "xor",
        "xor_eq"};
    return std::binary_search(std::begin(words), std::end(words), word);
}

inline bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// True of names that a C++ program may give to a type: no keyword, and none of those reserved for compilers.
inline bool is_identifier(std::string_view name) {
    return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
           std::all_of(name.begin(), name.end(), is_word_character) && !is_keyword(name) &&
           name.find("__") == name.npos && name[0] != '_';
}

/// "mobile_net_v2" of "MobileNetV2": '_' before a capital that follows a small letter or a digit.
inline std::string snake_case(std::string_view name) {
    std::string snake;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto at = [&](std::size_t k) { return static_cast<unsigned char>(name[k]); };
        if (i > 0 && std::isupper(at(i)) != 0 && (std::islower(at(i - 1)) != 0 || std::isdigit(at(i - 1)) != 0))
            snake += '_';
        snake += static_cast<char>(std::tolower(at(i)));
    }
    return snake;
}

/// A word for what a layer makes, from the last part of its path that is one: "query" of "attention.query.weight".
/// Empty if that says no more than what the layer is.
inline std::string word_of(std::string_view path) {
    static constexpr std::string_view plain[] = {"weight",    "bias",     "conv",  "norm",  "bn",      "relu",
                                                 "act",       "constant", "add",   "mul",   "matmul",  "gemm",
                                                 "transpose", "reshape",  "order", "rows",  "flatten", "picture",
                                                 "linear",    "concat",   "slice", "input", "output"};
    while (!path.empty()) {
        const std::size_t dot = path.rfind('.');
        std::string word;
        for (const char c : path.substr(dot == path.npos ? 0 : dot + 1))
            word += is_word_character(c) ? static_cast<char>(std::tolower(static_cast<unsigned char>(c))) : '_';
        path = path.substr(0, dot == path.npos ? 0 : dot);
        const bool ends_path = word == "weight" || word == "bias" || word == "constant";
        if (std::find(std::begin(plain), std::end(plain), word) == std::end(plain) && word.size() > 2 &&
            word.size() < 32 && is_identifier(word) &&
            std::none_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c) != 0; }))
            return word;
        if (!ends_path) return {};
    }
    return {};
}

}  // namespace taxon::onnx::writer
