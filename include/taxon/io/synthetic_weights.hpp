#pragma once
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/fnv1a.hpp>
#include <taxon/io/stored_tensor.hpp>
#include <taxon/core/weight_source.hpp>
#include <utility>
#include <vector>

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
inline std::vector<float> synthetic_input(std::string_view salt, std::string_view name, std::size_t count) {
    const UnitSequence unit(salt, name);
    std::vector<float> numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(unit[i]);
    return numbers;
}

/// Generated weights for any architecture: a function of each tensor's name and shape, a salt and a gain. They are
/// scaled so that the variance of a layer's outputs stays close to that of its inputs.
class SyntheticWeights final : public WeightSource {
  public:
    static constexpr double usual_gain = 1.5;

    /// `gain` is the variance of a weight times its fan-in.
    explicit SyntheticWeights(std::string salt = {}, double gain = usual_gain) : salt_(std::move(salt)), gain_(gain) {}

    /// Parses "synthetic[:SALT][@GAIN]"; the part after the last @ is the gain. Throws Fault::usage.
    static SyntheticWeights parse(std::string_view text) {
        const auto refuse = [&] {
            throw Error(Fault::usage, {.found = "'" + std::string(text) + "'",
                                       .wanted = "synthetic[:SALT][@GAIN] with a positive gain"});
        };
        if (!text.starts_with(prefix)) refuse();
        std::string_view rest = text.substr(prefix.size());
        if (!rest.empty() && rest[0] != ':' && rest[0] != '@') refuse();
        double gain = usual_gain;
        if (const std::size_t at = rest.rfind('@'); at != rest.npos) {
            const std::string_view number = rest.substr(at + 1);
            const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), gain);
            if (error != std::errc{} || end != number.data() + number.size() || !std::isfinite(gain) || gain <= 0)
                refuse();
            rest = rest.substr(0, at);
        }
        return SyntheticWeights(std::string(rest.empty() ? rest : rest.substr(1)), gain);
    }

    const std::string& salt() const { return salt_; }
    double gain() const { return gain_; }

    std::string origin() const override { return std::string(prefix) + (salt_.empty() ? "" : ":") + salt_; }
    std::vector<std::string_view> names() const override { return {}; }
    std::optional<Dimensions> shape_of(std::string_view, std::span<const std::int64_t> wanted) const override {
        return Dimensions(wanted.begin(), wanted.end());
    }

    /// Computed in double and rounded, so that every machine gives the same floats. Throws Fault::shape if `to` has
    /// another size.
    void read(std::string_view name, std::span<const std::int64_t> shape, std::span<float> to) const override {
        if (element_count(shape) != to.size())
            throw Error(Fault::shape, {.file = origin(),
                                       .place = "tensor '" + std::string(name) + "'",
                                       .found = to_string(shape),
                                       .wanted = std::to_string(to.size()) + " elements"});
        const UnitSequence unit(salt_, name);
        const auto [middle, spread] = range_of(name, shape);
        for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<float>(middle + spread * unit[i]);
    }

  private:
    static constexpr std::string_view prefix = "synthetic";

    struct Range {
        double middle, spread;
    };

    Range range_of(std::string_view name, std::span<const std::int64_t> shape) const {
        const std::string_view last = name.substr(name.rfind('.') + 1);  // npos + 1 is 0
        const auto has = [&](std::string_view part) { return name.find(part) != name.npos; };
        if (last == "running_var") return {1.0, 0.3};
        if (last == "running_mean") return {0.0, 0.1};
        if (has("embed") && shape.size() >= 2 && !has("proj") && !has("conv")) return {0.0, 0.1};
        if (last == "cls_token") return {0.0, 0.1};
        if (shape.size() >= 2)
            return {0.0, std::sqrt(3.0 * gain_ / static_cast<double>(element_count(shape.subspan(1))))};
        if (last == "bias") return {0.0, 0.05};
        return {1.0, 0.1};
    }

    std::string salt_;
    double gain_;
};

}  // namespace taxon::io
