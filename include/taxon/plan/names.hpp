#pragma once
#include <string_view>
#include <taxon/graph/names.hpp>
#include <taxon/plan/plan.hpp>

namespace taxon {

constexpr std::string_view name_of(Kernel kernel) {
    switch (kernel) {
        case Kernel::convolution: return "convolution";
        case Kernel::winograd: return "winograd";
        case Kernel::depthwise: return "depthwise";
        case Kernel::product: return "product";
        case Kernel::affine: return "affine";
        case Kernel::layer_norm: return "layer_norm";
        case Kernel::attention: return "attention";
        case Kernel::activation: return "activation";
        case Kernel::add: return "add";
        case Kernel::scale: return "scale";
        case Kernel::pool: return "pool";
        case Kernel::copy: return "copy";
        case Kernel::embedding: return "embedding";
        case Kernel::upsample: return "upsample";
        case Kernel::boxes: return "boxes";
    }
    return "";
}

}  // namespace taxon
