#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/module_facts.hpp>
#include <vector>

namespace taxon {

/// The sizes of a tensor, outermost first; empty for a single number.
using Dimensions = std::vector<std::int64_t>;

/// Whatever can say what a named tensor holds: a checkpoint, a generator, an off-line file.
class WeightSource {
  public:
    virtual ~WeightSource() = default;

    /// How errors name it: a path, or "synthetic:salt".
    virtual std::string origin() const = 0;

    /// Every name it holds, in its own order. Empty for a generator, which holds whatever is asked for.
    virtual std::vector<std::string_view> names() const = 0;

    /// The shape under which the tensor is stored, or nothing if it is not there. A generator returns `wanted`.
    virtual std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t> wanted) const = 0;

    /// What a pickled module says of itself; empty for all else.
    virtual ModuleFacts facts() const { return {}; }

    /// The tensor's numbers, row-major, as floats. `to` has exactly as many elements as `shape_of` says.
    virtual void read(std::string_view name, std::span<const std::int64_t> shape, std::span<float> to) const = 0;
};

}  // namespace taxon
