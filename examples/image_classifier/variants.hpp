#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/zoo/convnext.hpp>
#include <taxon/zoo/densenet.hpp>
#include <taxon/zoo/efficientnet.hpp>
#include <taxon/zoo/mobilenet_v2.hpp>
#include <taxon/zoo/regnet.hpp>
#include <taxon/zoo/resnet.hpp>
#include <taxon/zoo/shufflenet_v2.hpp>
#include <taxon/zoo/vision_transformer.hpp>

#include "../classes.hpp"

using taxon::app::Variant;
using taxon::preprocess::Filter;
using taxon::preprocess::ImageNet;
namespace zoo = taxon::zoo;

/// With the preprocessing that torchvision states for its weights IMAGENET1K_V1.
struct MobileNetV2 : Variant<zoo::MobileNetV2<classes<1000>>, ImageNet<224>> {};
struct EfficientNetB0 : Variant<zoo::EfficientNetB0<classes<1000>>, ImageNet<224, 256, Filter::bicubic>> {};
struct EfficientNetB1 : Variant<zoo::EfficientNetB1<classes<1000>>, ImageNet<240, 256, Filter::bicubic>> {};
struct EfficientNetB2 : Variant<zoo::EfficientNetB2<classes<1000>>, ImageNet<288, 288, Filter::bicubic>> {};
struct EfficientNetB3 : Variant<zoo::EfficientNetB3<classes<1000>>, ImageNet<300, 320, Filter::bicubic>> {};
struct DenseNet121 : Variant<zoo::DenseNet121<classes<1000>>, ImageNet<224>> {};
struct RegNetX400MF : Variant<zoo::RegNetX400MF<classes<1000>>, ImageNet<224>> {};
struct RegNetY400MF : Variant<zoo::RegNetY400MF<classes<1000>>, ImageNet<224>> {};
struct ShuffleNetV2 : Variant<zoo::ShuffleNetV2<classes<1000>>, ImageNet<224>> {};
struct ConvNeXtTiny : Variant<zoo::ConvNeXtTiny<classes<1000>>, ImageNet<224, 236>> {};
struct VitB16 : Variant<zoo::VitB16<classes<1000>>, ImageNet<224>> {};
struct ResNeXt50 : Variant<zoo::ResNeXt50<classes<1000>>, ImageNet<224>> {};

/// With timm's preprocessing.
struct DeitTiny : Variant<zoo::DeitTiny<classes<1000>>, taxon::preprocess::ImageNetBicubic<224, 90>> {};
