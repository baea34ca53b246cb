#pragma once
#include <string>
#include <taxon/io/synthetic_weights.hpp>

/// Generated weights, some of which a test changes.
class EditedWeights : public taxon::WeightSource {
  public:
    explicit EditedWeights(std::string salt) : salt_(std::move(salt)) {}

    std::string origin() const override { return salt_; }
    std::vector<std::string_view> names() const override { return {}; }
    std::optional<taxon::Dimensions> shape_of(std::string_view, std::span<const std::int64_t> wanted) const override {
        return taxon::Dimensions(wanted.begin(), wanted.end());
    }
    void read(std::string_view name, std::span<const std::int64_t> shape, std::span<float> to) const override {
        taxon::io::SyntheticWeights(salt_).read(name, shape, to);
        edit(name, shape, to);
    }

  private:
    virtual void edit(std::string_view name, std::span<const std::int64_t> shape, std::span<float> numbers) const = 0;

    std::string salt_;
};
