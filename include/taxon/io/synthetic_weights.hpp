#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/core/fnv1a.hpp>
#include <taxon/core/weight_source.hpp>

namespace taxon::io {

/// Numbers in [-1, 1) that depend only on a name and a salt: element i is the finaliser of splitmix64 (Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators", 2014) of the name's FNV-1a hash + i, its upper 24 bits
/// scaled.
class UnitSequence {
  public:
    UnitSequence(std::string_view salt, std::string_view name) {
        Fnv1a hash;
        hash.add(salt), hash.add(name);
        seed_ = hash.value();
    }

    double operator[](std::size_t i) const {
        std::uint64_t z = seed_ + i + 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        return static_cast<double>(static_cast<std::int32_t>(z >> 40)) * 0x1p-23 - 1.0;
    }

  private:
    std::uint64_t seed_;
};

/// The generated input of this name: `count` numbers in [-1, 1).
TAXON_DECL std::vector<float> synthetic_input(std::string_view salt, std::string_view name, std::size_t count);

/// Generated weights for any architecture: a function of each tensor's name and shape, a salt and a gain. They are
/// scaled so that the variance of a layer's outputs stays close to that of its inputs.
class SyntheticWeights final : public WeightSource {
  public:
    static constexpr double usual_gain = 1.5;

    /// `gain` is the variance of a weight times its fan-in.
    explicit SyntheticWeights(std::string salt = {}, double gain = usual_gain) : salt_(std::move(salt)), gain_(gain) {}

    /// Parses "synthetic[:SALT][@GAIN]"; the part after the last @ is the gain. Throws Fault::usage.
    static SyntheticWeights parse(std::string_view text);

    const std::string& salt() const { return salt_; }
    double gain() const { return gain_; }

    std::string origin() const override;
    std::vector<std::string_view> names() const override { return {}; }
    std::optional<Dimensions> shape_of(std::string_view, std::span<const std::int64_t> wanted) const override;

    /// Computed in double and rounded, so that every machine gives the same floats. Throws Fault::shape if `to` has
    /// another size.
    void read(std::string_view name, std::span<const std::int64_t> shape, std::span<float> to) const override;

  private:
    static constexpr std::string_view prefix = "synthetic";

    struct Range {
        double middle, spread;
    };

    Range range_of(std::string_view name, std::span<const std::int64_t> shape) const;

    std::string salt_;
    double gain_;
};

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/synthetic_weights.ipp>
#endif
