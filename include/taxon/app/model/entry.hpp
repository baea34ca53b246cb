#pragma once
#include <string_view>
#include <taxon/app/model/model_entry.hpp>

namespace taxon::app {

/// A variant of a family: `struct Small : Variant<zoo::MobileNetV3Small<>, preprocess::ImageNet<224>> {};` Its
/// command-line name is given in the program's table, which is the CMake call. A member `using O2 =
/// precision::MixedPrecision<"o2", …>` is the mix of precisions that `gen --level O2` found best for it.
template <class A, class P>
struct Variant {
    using Architecture = A;
    using Preprocess = P;
};

/// A model type of the table. Only declared here: each is compiled in a file of its own that includes
/// entry_definition.hpp.
template <class Variant, class Precision, class Execution>
struct Entry {
    /// On the Cpu backend. `size`: of pictures, for a variant that comes in several.
    static ModelEntry entry(std::string_view variant, std::string_view size = {});
    /// The same network on the Reference backend, which has float32 only.
    static ModelEntry reference_entry(std::string_view variant, std::string_view size = {});
};

/// The table of a program made by taxon_add_example, which defines it.
std::span<const ModelEntry> built_models();

}  // namespace taxon::app
