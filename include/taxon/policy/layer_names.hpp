#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <taxon/core/fnv1a.hpp>

namespace taxon {

/// Layer names as the state dict spells them, as 64-bit FNV-1a hashes: template arguments appear in symbols, so they
/// must be short.
struct LayerNames {
    static constexpr int most = 32;
    std::array<std::uint64_t, most> hashes{};  ///< 0: none

    /// At most `most` names; more are an error of the constant expression, or std::out_of_range.
    template <class Names = std::initializer_list<std::string_view>>
    static constexpr LayerNames of(const Names& names) {
        LayerNames result;
        std::size_t count = 0;
        for (const std::string_view name : names) {
            Fnv1a hash;
            hash.add(name);
            result.hashes.at(count++) = hash.value();
        }
        return result;
    }

    constexpr bool operator==(const LayerNames&) const = default;
    constexpr bool empty() const { return hashes[0] == 0; }

    /// True if one of the names is that of this layer or of a block that contains it: "features.4" includes
    /// "features.4.block.0.0".
    constexpr bool include(std::string_view layer) const {
        if (empty()) return false;
        Fnv1a hash;
        for (const char c : layer) {
            if (c == '.' && contain(hash.value())) return true;
            hash.add(static_cast<unsigned char>(c));
        }
        return contain(hash.value());
    }

  private:
    constexpr bool contain(std::uint64_t hash) const {
        for (const std::uint64_t name : hashes)
            if (name == hash || name == 0) return name == hash;
        return false;
    }
};

}  // namespace taxon
