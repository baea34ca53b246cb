#pragma once
#include <taxon/core/text.hpp>
#include <utility>

namespace taxon {

#if defined(__clang__)  // clang 14 prints a string argument as numbers, but a pack of characters as characters
template <char... Sentence>
struct ModelError {
    static_assert(sizeof...(Sentence) == 0,
                  "taxon: this model cannot be built; the reason is spelled out in ModelError<...>");
};
#else
/// Fails to compile with the reason as its own name: ModelError<"layer 'features.3.0' (Conv2d<…>) wants …, found …">.
template <FixedString Sentence>
struct ModelError {
    static_assert(Sentence.empty(), "taxon: this model cannot be built; the reason is the argument of ModelError<...>");
};
#endif

namespace detail {

template <const auto& Problem, std::size_t... I>
constexpr bool no_problem(std::index_sequence<I...>) {
#if defined(__clang__)
    return sizeof(ModelError<Problem.characters[I]...>) > 0;
#else
    constexpr auto sentence = [] {
        FixedString<sizeof...(I) + 1> copy;
        std::copy_n(Problem.characters, sizeof...(I), copy.text);
        return copy;
    }();
    return sizeof(ModelError<sentence>) > 0;
#endif
}

/// True, or a compile error whose text is that of `Problem`, a constexpr Text.
template <const auto& Problem>
constexpr bool no_problem() {
    return no_problem<Problem>(std::make_index_sequence<static_cast<std::size_t>(Problem.size)>{});
}

}  // namespace detail
}  // namespace taxon
