#pragma once
#include <taxon/app/model/entry.hpp>
#include <taxon/preprocess/letterbox.hpp>
#include <taxon/zoo/yolov3.hpp>

#include "../classes.hpp"

using taxon::app::Variant;
using taxon::preprocess::Letterbox;
namespace zoo = taxon::zoo;

/// Trained in PyTorch, and Darknet's own weights, which say boxes in another code.
struct PyTorch : Variant<zoo::Yolov3<classes<80>, 416>, Letterbox<416>> {};
struct Darknet : Variant<zoo::Yolov3Darknet<classes<80>, 416>, Letterbox<416>> {};
