#pragma once
#include <string_view>
#include <taxon/app/model/model_entry.hpp>

namespace taxon::app {

/// A variant of a family: `struct Small : Variant<zoo::MobileNetV3Small<>, preprocess::ImageNet<224>> {};` Its name on
/// the command line is given where the program's table is, in the CMake call. A member `using O2 =
/// precision::MixedPrecision<"o2", …>` is the mix of precisions that `gen --level O2` found to be good for it.
template <class A, class P>
struct Variant {
    using Architecture = A;
    using Preprocess = P;
};

/// A model type of the table. Only declared here: each is compiled in a file of its own that includes
/// entry_definition.hpp.
template <class Variant, class Precision, class Execution>
struct Entry {
    /// Of the Cpu backend. `size`: of pictures, of a variant that comes in several.
    static ModelEntry entry(std::string_view variant, std::string_view size = {});
    /// The same network on the Reference backend, which knows float32 only.
    static ModelEntry reference_entry(std::string_view variant, std::string_view size = {});
};

/// The table of a program that taxon_add_example makes, which defines it.
std::span<const ModelEntry> built_models();

}  // namespace taxon::app
