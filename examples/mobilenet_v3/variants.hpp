#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/policy/mixed_precision.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/zoo/mobilenet_v3.hpp>
#include <taxon/zoo/mobilenet_v3_kuan_wang.hpp>

#include "../classes.hpp"

using taxon::app::Variant;
namespace zoo = taxon::zoo;
namespace preprocess = taxon::preprocess;
namespace precision = taxon::precision;

struct Small : Variant<zoo::MobileNetV3Small<classes<1000>>, preprocess::ImageNet<224>> {};
struct Large : Variant<zoo::MobileNetV3Large<classes<1000>>, preprocess::ImageNet<224>> {};
struct SmallKuanWang : Variant<zoo::MobileNetV3SmallKuanWang<classes<1000>>, preprocess::ImageNet<224>> {};

/// CIFAR-10's pictures are 32 pixels wide; the network was trained on them at twice that. Other pictures are squeezed
/// to 32 first.
using Cifar10 = preprocess::Steps<preprocess::Resize<32>, preprocess::Resize<64>,
                                  preprocess::Normalize<preprocess::ImageNetStatistics>>;
struct SmallCifar10 : Variant<zoo::MobileNetV3Small<classes<10>, 64>, Cifar10> {
    /// Three quarters of the noise that 8-bit integers make come from four projections, which in floats take 8 us more,
    /// of 120.
    using O2 = precision::MixedPrecision<"o2", precision::QInt8MixedFloat32, "features.9.block.3.0",
                                         "features.7.block.3.0", "features.8.block.3.0", "features.5.block.3.0">;
};
