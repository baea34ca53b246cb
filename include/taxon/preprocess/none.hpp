#pragma once
#include <string_view>

#include <taxon/policy/preprocess.hpp>

namespace taxon::preprocess {

/// No preprocessing: the model accepts ready tensors, and no pictures.
struct None {
    static constexpr std::string_view name = "None";
    static constexpr Takes takes = Takes::tensor;
};

}  // namespace taxon::preprocess
