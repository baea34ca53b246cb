#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace taxon {

/// What a pickled module states besides its parameters. Empty for files that contain only parameters.
struct ModuleFacts {
    /// class names by index: `names` of YOLOv5's modules
    std::vector<std::string> labels{};
    /// types of the module and all its submodules: "torch.nn.modules.activation.SiLU"
    std::set<std::string> classes{};
    /// attributes that are not parameters: "eps" of normalisations, "negative_slope" of leaky ReLUs
    std::map<std::string, std::set<double>, std::less<>> numbers{};

    bool empty() const { return classes.empty(); }
};

}  // namespace taxon
