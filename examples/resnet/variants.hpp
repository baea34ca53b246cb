#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/zoo/resnet.hpp>

using taxon::app::Variant;
namespace zoo = taxon::zoo;
namespace preprocess = taxon::preprocess;

struct ResNet18 : Variant<"18", zoo::ResNet18<1000>, preprocess::ImageNet<224>> {};
struct ResNet34 : Variant<"34", zoo::ResNet34<1000>, preprocess::ImageNet<224>> {};
struct ResNet50 : Variant<"50", zoo::ResNet50<1000>, preprocess::ImageNet<224>> {};
struct ResNet101 : Variant<"101", zoo::ResNet101<1000>, preprocess::ImageNet<224>> {};
struct ResNet152 : Variant<"152", zoo::ResNet152<1000>, preprocess::ImageNet<224>> {};
