#pragma once
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>

/// What torchvision's networks share, with the parameter names of torchvision (ops/misc.py).
namespace taxon::zoo::torchvision {

/// Conv2dNormActivation: without bias, ε 1e-5.
template <int In, int Out, int Kernel = 1, int Stride = 1, int Groups = 1, class... Function>
using ConvNorm = Sequential<Conv2d<In, Out, Kernel, Stride, Groups>, BatchNorm2d<Out>, Function...>;

template <int Channels, int Squeezed, class Function, class Scale>
using SqueezeExcitation =
    Gated<Sequential<Named<"avgpool", GlobalAveragePool>, Named<"fc1", Conv2d<Channels, Squeezed, 1, 1, 1, true>>,
                     Named<"activation", Function>, Named<"fc2", Conv2d<Squeezed, Channels, 1, 1, 1, true>>,
                     Named<"scale_activation", Scale>>>;

}  // namespace taxon::zoo::torchvision
