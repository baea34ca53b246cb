#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/module_facts.hpp>
#include <vector>

namespace taxon {

/// The sizes of a tensor, outermost first; empty for a scalar.
using Dimensions = std::vector<std::int64_t>;

/// A source of named tensors: a checkpoint, a generator, an offline file.
class WeightSource {
  public:
    virtual ~WeightSource() = default;

    /// The name used in errors: a path, or "synthetic:salt".
    virtual std::string origin() const = 0;

    /// Every tensor name, in the source's own order. Empty for a generator, which can produce any tensor.
    virtual std::vector<std::string_view> names() const = 0;

    /// The stored shape of a tensor, or nothing if it does not exist. A generator returns `wanted`.
    virtual std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t> wanted) const = 0;

    /// Facts of a pickled module; empty for every other source.
    virtual ModuleFacts facts() const { return {}; }

    /// The tensor's elements, row-major, as float32. `to` has exactly the number of elements of `shape_of`.
    virtual void read(std::string_view name, std::span<const std::int64_t> shape, std::span<float> to) const = 0;
};

}  // namespace taxon
