#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

namespace taxon::task {

/// How the vectors of a text's tokens become one.
enum class TokenPooling : unsigned char {
    none,  ///< the network does it
    mean,
    cls  ///< the first token's
};

/// As sentence-transformers calls it.
constexpr std::string_view name_of(TokenPooling pooling) {
    return pooling == TokenPooling::mean ? "mean_tokens" : pooling == TokenPooling::cls ? "cls_token" : "none";
}

/// One vector of the first `count` rows of `tokens`.
inline void pool(std::span<const float> tokens, std::size_t count, TokenPooling pooling, std::span<float> vector) {
    const std::size_t width = vector.size(), rows = pooling == TokenPooling::mean ? count : 1;
    for (std::size_t i = 0; i < width; ++i) {
        double sum = 0;
        for (std::size_t row = 0; row < rows; ++row) sum += static_cast<double>(tokens[row * width + i]);
        vector[i] = static_cast<float>(sum / static_cast<double>(rows));
    }
}

/// Scales a vector to length one: x / max(|x|, 1e-12), as torch.nn.functional.normalize.
inline void normalize(std::span<float> vector) {
    double squares = 0;
    for (const float number : vector) squares += static_cast<double>(number) * static_cast<double>(number);
    const double length = std::max(std::sqrt(squares), 1e-12);
    for (float& number : vector) number = static_cast<float>(static_cast<double>(number) / length);
}

}  // namespace taxon::task
