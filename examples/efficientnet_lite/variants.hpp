#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/zoo/efficientnet_lite.hpp>

#include "../classes.hpp"

using taxon::app::Variant;
using taxon::preprocess::EfficientNetLite;
namespace zoo = taxon::zoo;

struct Lite0 : Variant<zoo::EfficientNetLite0<classes<1000>>, EfficientNetLite<224>> {};
struct Lite1 : Variant<zoo::EfficientNetLite1<classes<1000>>, EfficientNetLite<240>> {};
struct Lite2 : Variant<zoo::EfficientNetLite2<classes<1000>>, EfficientNetLite<260>> {};
