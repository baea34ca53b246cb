#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/zoo/resnet.hpp>

#include "../classes.hpp"

using taxon::app::Variant;
namespace zoo = taxon::zoo;
namespace preprocess = taxon::preprocess;

struct ResNet18 : Variant<zoo::ResNet18<classes<1000>>, preprocess::ImageNet<224>> {};
struct ResNet34 : Variant<zoo::ResNet34<classes<1000>>, preprocess::ImageNet<224>> {};
struct ResNet50 : Variant<zoo::ResNet50<classes<1000>>, preprocess::ImageNet<224>> {};
struct ResNet101 : Variant<zoo::ResNet101<classes<1000>>, preprocess::ImageNet<224>> {};
struct ResNet152 : Variant<zoo::ResNet152<classes<1000>>, preprocess::ImageNet<224>> {};
