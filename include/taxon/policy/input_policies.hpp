#pragma once
#include <concepts>
#include <limits>
#include <optional>
#include <string_view>
#include <taxon/core/image.hpp>
#include <taxon/core/shape.hpp>
#include <taxon/policy/preprocess.hpp>
#include <taxon/policy/shape_mode.hpp>

namespace taxon {

namespace preprocess {
struct LetterboxFit;
}  // namespace preprocess

/// Preprocess policy that can give a picture's placement in the network's input, for mapping boxes back.
template <class Policy>
concept LetterboxPreprocess = PicturePreprocess<Policy> && requires {
    { Policy::fit(1, 1) } -> std::same_as<preprocess::LetterboxFit>;
};

/// A model's ShapeMode and Preprocess policies as data, for code compiled once for all models. Functions that a policy
/// lacks are null.
struct InputPolicies {
    static constexpr int any = std::numeric_limits<int>::max();

    Range batch{1, any};   ///< samples of a run
    Range length{1, any};  ///< tokens of a sample, of a network over texts
    void (*preprocess)(const Image&, PixelTarget) = nullptr;
    taxon::preprocess::LetterboxFit (*letterbox)(int picture_height, int picture_width) = nullptr;
    void (*tokenize)(const text::Vocabulary&, std::string_view text, std::optional<std::string_view> pair,
                     text::Encoding&) = nullptr;
};

/// `input`: the model's input shape.
template <class ShapeMode, class Preprocess>
constexpr InputPolicies input_policies_of(Shape input) {
    InputPolicies policies{.batch = {ShapeMode::min_batch, ShapeMode::max_batch}};
    if (input.sequence) policies.length = {ShapeMode::min_length, input.width};
    if constexpr (PicturePreprocess<Preprocess>)
        policies.preprocess = [](const Image& picture, PixelTarget target) { Preprocess::apply(picture, target); };
    if constexpr (LetterboxPreprocess<Preprocess>)
        policies.letterbox = [](int height, int width) { return Preprocess::fit(height, width); };
    if constexpr (TextPreprocess<Preprocess>)
        policies.tokenize = [](const text::Vocabulary& vocabulary, std::string_view text,
                               std::optional<std::string_view> pair,
                               text::Encoding& encoding) { Preprocess::apply(vocabulary, text, pair, encoding); };
    return policies;
}

}  // namespace taxon
