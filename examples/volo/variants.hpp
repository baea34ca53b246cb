#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/zoo/volo.hpp>

#include "../classes.hpp"

using taxon::app::Variant;
namespace zoo = taxon::zoo;
namespace preprocess = taxon::preprocess;

struct D1 : Variant<zoo::VoloD1<classes<1000>>, preprocess::ImageNetBicubic<224, 96>> {};
struct D2 : Variant<zoo::VoloD2<classes<1000>>, preprocess::ImageNetBicubic<224, 96>> {};
struct D3 : Variant<zoo::VoloD3<classes<1000>>, preprocess::ImageNetBicubic<224, 96>> {};
struct D4 : Variant<zoo::VoloD4<classes<1000>>, preprocess::ImageNetBicubic<224, 96>> {};
struct D5 : Variant<zoo::VoloD5<classes<1000>>, preprocess::ImageNetBicubic<224, 96>> {};

// The other sizes that were published, with their recipes (timm's models/volo.py).
struct D1At384 : Variant<zoo::VoloD1<classes<1000>, 384>, preprocess::ImageNetBicubic<384, 100>> {};
struct D2At384 : Variant<zoo::VoloD2<classes<1000>, 384>, preprocess::ImageNetBicubic<384, 100>> {};
struct D3At448 : Variant<zoo::VoloD3<classes<1000>, 448>, preprocess::ImageNetBicubic<448, 100>> {};
struct D4At448 : Variant<zoo::VoloD4<classes<1000>, 448>, preprocess::ImageNetBicubic<448, 115>> {};
struct D5At448 : Variant<zoo::VoloD5<classes<1000>, 448>, preprocess::ImageNetBicubic<448, 115>> {};
struct D5At512 : Variant<zoo::VoloD5<classes<1000>, 512>, preprocess::ImageNetBicubic<512, 115>> {};
