#pragma once
#include <cstdint>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/padding.hpp>

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

    /// A window whose axes have nothing to do with each other, over a picture that it may be larger than.
    struct Unequal {
        taxon::Extent size = 1, stride = 1, dilation = 1;
        taxon::Padding around = 0;
    };
    constexpr Unequal unequal(int most_size, int height, int width) {
        Unequal w{};
        w.size = {(*this)(1, most_size), (*this)(1, most_size)};
        w.stride = {(*this)(1, 3), (*this)(1, 3)};
        w.dilation = {(*this)(1, 3), (*this)(1, 3)};
        w.around = {(*this)(0, 3), (*this)(0, 3), (*this)(0, 3), (*this)(0, 3)};
        const taxon::Window window = w.around.window(w.size, w.stride, w.dilation, {1, height, width});
        if (height < window.y.least() || width < window.x.least())
            w.around = (*this)(0, 1) == 1 ? taxon::padding::same : taxon::padding::same_lower;
        return w;
    }

  private:
    std::uint64_t state_;
};
