#pragma once
#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <taxon/io/synthetic_weights.hpp>
#include <utility>
#include <vector>

/// Generated weights with one parameter so large that what the network makes of it is no number.
class OverflowingWeights : public taxon::WeightSource {
  public:
    explicit OverflowingWeights(std::string overflowing) : overflowing_(std::move(overflowing)) {}

    std::string origin() const override { return "overflowing"; }
    std::vector<std::string_view> names() const override { return {}; }
    std::optional<taxon::Dimensions> shape_of(std::string_view name,
                                              std::span<const std::int64_t> wanted) const override {
        return whole_.shape_of(name, wanted);
    }
    void read(std::string_view name, std::span<const std::int64_t> shape, std::span<float> to) const override {
        whole_.read(name, shape, to);
        if (name == overflowing_) std::ranges::fill(to, std::numeric_limits<float>::max());
    }

  private:
    taxon::io::SyntheticWeights whole_;
    std::string overflowing_;
};
