#pragma once
#include <string_view>

#include <taxon/preprocess/steps.hpp>

namespace taxon::preprocess {

/// Input preprocessing of torchvision's classifiers: the shorter side to Size * 8 / 7 (256 for 224), bilinear, the
/// central Size x Size, ImageNet's mean and deviation.
template <int Size>
struct ImageNet : Steps<ResizeShorter<Size * 8 / 7>, CenterCrop<Size>, Normalize<ImageNetStatistics>> {
  private:
    static constexpr auto text = detail::step_text<Size, Filter::bilinear>("ImageNet");

  public:
    static constexpr std::string_view name = text.view();
};

/// timm's recipe: the shorter side to Size * 100 / Percent, rounded down (233 for VOLO's 224 at 96 %), bicubic, then as
/// `ImageNet`.
template <int Size, int Percent>
struct ImageNetBicubic
    : Steps<ResizeShorter<Size * 100 / Percent, Filter::bicubic>, CenterCrop<Size>, Normalize<ImageNetStatistics>> {
    static_assert(Percent > 0 && Percent <= 100,
                  "taxon: ImageNetBicubic: the crop must be 1 to 100 percent of the shorter side");

  private:
    static constexpr Text<64> text = [] {
        Text<64> made;
        made << "ImageNetBicubic<" << Size << ", " << Percent << ">";
        return made;
    }();

  public:
    static constexpr std::string_view name = text.view();
};

}  // namespace taxon::preprocess
