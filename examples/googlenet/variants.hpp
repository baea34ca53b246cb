#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/zoo/googlenet.hpp>

#include "../classes.hpp"

using taxon::app::Variant;
namespace zoo = taxon::zoo;
namespace preprocess = taxon::preprocess;

/// The published weights expect pixels normalised to -1 to 1. torchvision normalises with ImageNet's statistics, and
/// its transform_input turns the result into just these numbers.
struct MiddleStatistics {
    static constexpr std::string_view name = "Middle";
    static constexpr std::array<float, 3> mean{0.5f, 0.5f, 0.5f}, deviation{0.5f, 0.5f, 0.5f};
};

using Centred = preprocess::Steps<preprocess::ResizeShorter<256>, preprocess::CenterCrop<224>,
                                  preprocess::Normalize<MiddleStatistics>>;
struct V1 : Variant<zoo::GoogLeNet<classes<1000>>, Centred> {};

/// For weights that were trained without transform_input, on pictures normalised with ImageNet's statistics.
struct V1ImageNet : Variant<zoo::GoogLeNet<classes<1000>>, preprocess::ImageNet<224>> {};
