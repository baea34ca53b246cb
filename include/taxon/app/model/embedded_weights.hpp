#pragma once
#include <map>
#include <string>
#include <string_view>
#include <taxon/io/float_conversion.hpp>
#include <taxon/io/safetensors.hpp>
#include <taxon/core/weight_source.hpp>

namespace taxon::app {

/// A safetensors file embedded in the program. The bytes must outlive it.
class EmbeddedWeights final : public WeightSource {
  public:
    /// Throws as io::Safetensors::read does.
    explicit EmbeddedWeights(std::span<const std::byte> file) : stored_(io::Safetensors::read(file)) {
        for (const auto& tensor : stored_.tensors) by_name_.emplace(tensor.name, &tensor);
    }

    std::string origin() const override { return "embedded"; }

    std::vector<std::string_view> names() const override {
        std::vector<std::string_view> all;
        for (const auto& tensor : stored_.tensors) all.push_back(tensor.name);
        return all;
    }

    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t>) const override {
        const auto found = by_name_.find(name);
        return found == by_name_.end() ? std::nullopt : std::optional(found->second->shape);
    }

    void read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const override {
        const auto found = by_name_.find(name);
        if (found == by_name_.end() || io::element_count(found->second->shape) != to.size())
            throw Error(Fault::missing, {.file = origin(),
                                         .place = "tensor '" + std::string(name) + "'",
                                         .wanted = std::to_string(to.size()) + " numbers"});
        io::to_floats(found->second->element, found->second->bytes, to);
    }

  private:
    io::StoredTensors stored_;
    std::map<std::string_view, const io::StoredTensor*> by_name_;
};

}  // namespace taxon::app
