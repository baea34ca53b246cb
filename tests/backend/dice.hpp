#pragma once
#include <cstdint>
#include <taxon/layer/activate.hpp>

/// Random numbers that the compiler can draw, so that shapes, which are template arguments, can be random: splitmix64.
class Dice {
  public:
    constexpr explicit Dice(int seed) : state_(static_cast<std::uint64_t>(seed)) {}

    /// From `first` to `last`, both included.
    constexpr int operator()(int first, int last) {
        state_ += 0x9E3779B97F4A7C15u;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        return first + static_cast<int>(z % static_cast<std::uint64_t>(last - first + 1));
    }

    template <class T, std::size_t Count>
    constexpr T one_of(const T (&choices)[Count]) {
        return choices[static_cast<std::size_t>((*this)(0, static_cast<int>(Count) - 1))];
    }

    constexpr taxon::Activation activation() {
        using taxon::Activation;
        const auto kind = static_cast<Activation::Kind>((*this)(0, Activation::silu));
        return {kind, kind == Activation::leaky_relu ? 0.1 : 0};
    }

  private:
    std::uint64_t state_;
};
