#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/policy/mixed_precision.hpp>
#include <taxon/preprocess/letterbox.hpp>
#include <taxon/zoo/yolov5.hpp>

#include "../classes.hpp"

using taxon::app::Variant;
using taxon::preprocess::Letterbox;
namespace zoo = taxon::zoo;

template <int Size>
struct N : Variant<zoo::Yolov5n<classes<80>, Size>, Letterbox<Size>> {
    /// Boxes and scores are made of the heads' numbers as they are, so those stay floats.
    using O2 = taxon::precision::MixedPrecision<"o2", taxon::precision::QInt8MixedFloat32, "model.24.m.0",
                                                "model.24.m.1", "model.24.m.2">;
};
template <int Size>
struct S : Variant<zoo::Yolov5s<classes<80>, Size>, Letterbox<Size>> {};
template <int Size>
struct M : Variant<zoo::Yolov5m<classes<80>, Size>, Letterbox<Size>> {};
template <int Size>
struct L : Variant<zoo::Yolov5l<classes<80>, Size>, Letterbox<Size>> {};
template <int Size>
struct X : Variant<zoo::Yolov5x<classes<80>, Size>, Letterbox<Size>> {};
