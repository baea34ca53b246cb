#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <taxon/core/text.hpp>

namespace taxon::preprocess {

/// The network's float input for each channel and level (0 to 255).
using LevelTable = std::array<std::array<float, 256>, 3>;

/// A step that turns levels into floats; always the last one.
template <typename Step>
concept LevelStep = requires {
    { Step::name } -> std::convertible_to<std::string_view>;
    { Step::levels } -> std::convertible_to<const LevelTable&>;
};

/// Mean and standard deviation of the channels (R, G, B) of a data set, in units of the full range.
template <typename Type>
concept ChannelStatistics = requires {
    { Type::name } -> std::convertible_to<std::string_view>;
    { Type::mean } -> std::convertible_to<std::array<float, 3>>;
    { Type::deviation } -> std::convertible_to<std::array<float, 3>>;
};

/// Those of ImageNet, which torchvision's and most other classifiers expect.
struct ImageNetStatistics {
    static constexpr std::string_view name = "ImageNet";
    static constexpr std::array<float, 3> mean{0.485f, 0.456f, 0.406f}, deviation{0.229f, 0.224f, 0.225f};
};

/// (level / 255 - mean) / deviation, each operation rounded to float: torchvision's ToTensor and Normalize.
template <ChannelStatistics Statistics>
struct Normalize {
    static constexpr Text<64> text = [] {
        Text<64> made;
        made << "Normalize<" << Statistics::name << ">";
        return made;
    }();
    static constexpr std::string_view name = text.view();
    static constexpr LevelTable levels = [] {
        LevelTable made{};
        for (std::size_t channel = 0; channel < 3; ++channel)
            for (std::size_t level = 0; level < 256; ++level) {
                const float scaled = static_cast<float>(level) / 255.0f;
                const float centred = scaled - Statistics::mean[channel];
                made[channel][level] = centred / Statistics::deviation[channel];
            }
        return made;
    }();
};

/// (level - Mean) / Deviation, in levels: TensorFlow's classifiers, such as EfficientNet-Lite with 127 and 128.
template <int Mean, int Deviation>
struct NormalizeLevels {
    static_assert(Deviation > 0, "taxon: NormalizeLevels: the deviation must be positive");
    static constexpr Text<64> text = [] {
        Text<64> made;
        made << "NormalizeLevels<" << Mean << ", " << Deviation << ">";
        return made;
    }();
    static constexpr std::string_view name = text.view();
    static constexpr LevelTable levels = [] {
        LevelTable made{};
        for (auto& channel : made)
            for (int level = 0; level < 256; ++level)
                channel[static_cast<std::size_t>(level)] =
                    static_cast<float>(level - Mean) / static_cast<float>(Deviation > 0 ? Deviation : 1);
        return made;
    }();
};

/// Levels as they are, 0 to 255.
struct Levels {
    static constexpr std::string_view name = "Levels";
    static constexpr LevelTable levels = [] {
        LevelTable made{};
        for (auto& channel : made)
            for (std::size_t level = 0; level < 256; ++level) channel[level] = static_cast<float>(level);
        return made;
    }();
};

/// level / 255: 0 to 1, as detectors expect.
struct ScaleTo01 {
    static constexpr std::string_view name = "ScaleTo01";
    static constexpr LevelTable levels = [] {
        LevelTable made{};
        for (auto& channel : made)
            for (std::size_t level = 0; level < 256; ++level) channel[level] = static_cast<float>(level) / 255.0f;
        return made;
    }();
};

}  // namespace taxon::preprocess
