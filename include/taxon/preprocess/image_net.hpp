#pragma once
#include <string_view>

#include <taxon/preprocess/steps.hpp>

namespace taxon::preprocess {

/// Input preprocessing of ImageNet classifiers, as torchvision's weights state it: the shorter side to Shorter (256 for
/// 224 unless given), the central Size x Size, then floats by ImageNet's mean and deviation, or by another step.
template <int Size, int Shorter = Size * 8 / 7, Filter How = Filter::bilinear,
          LevelStep Levels = Normalize<ImageNetStatistics>>
struct ImageNet : Steps<ResizeShorter<Shorter, How>, CenterCrop<Size>, Levels> {
  private:
    static constexpr Text<128> text = [] {
        Text<128> made;
        const bool other_levels = Levels::name != Normalize<ImageNetStatistics>::name;
        made << "ImageNet<" << Size;
        if (Shorter != Size * 8 / 7 || How != Filter::bilinear || other_levels) made << ", " << Shorter;
        if (How == Filter::bicubic) made << ", bicubic";
        if (other_levels) made << ", " << Levels::name;
        return made << ">";
    }();

  public:
    static constexpr std::string_view name = text.view();
};

/// timm's recipe: the shorter side to Size * 100 / Percent, rounded down (233 for VOLO's 224 at 96 %), bicubic, then as
/// `ImageNet`. Beyond 100 % the picture is smaller than the crop, which is black around it.
template <int Size, int Percent>
struct ImageNetBicubic : ImageNet<Size, Size * 100 / Percent, Filter::bicubic> {
    static_assert(Percent > 0 && Percent <= 200,
                  "taxon: ImageNetBicubic: the crop must be 1 to 200 percent of the shorter side");

  private:
    static constexpr Text<64> text = [] {
        Text<64> made;
        made << "ImageNetBicubic<" << Size << ", " << Percent << ">";
        return made;
    }();

  public:
    static constexpr std::string_view name = text.view();
};

/// EfficientNet-Lite's recipe (github.com/tensorflow/tpu, efficientnet/lite and preprocessing.py).
template <int Size>
using EfficientNetLite = ImageNet<Size, Size * 8 / 7, Filter::bicubic, NormalizeLevels<127, 128>>;

}  // namespace taxon::preprocess
