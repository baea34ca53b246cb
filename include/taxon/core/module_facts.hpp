#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace taxon {

/// What a pickled module says of itself besides its parameters. Empty for files of parameters alone.
struct ModuleFacts {
    /// names of classes by their index: `names` of YOLOv5's modules
    std::vector<std::string> labels{};
    /// of the module and all in it: "torch.nn.modules.activation.SiLU"
    std::set<std::string> classes{};
    /// that are no parameters: "eps" of normalisations, "negative_slope" of leaky ReLUs
    std::map<std::string, std::set<double>, std::less<>> numbers{};

    bool empty() const { return classes.empty(); }
};

}  // namespace taxon
