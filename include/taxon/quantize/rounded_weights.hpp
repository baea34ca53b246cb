#pragma once
#include <map>
#include <taxon/number/element.hpp>
#include <taxon/core/weight_source.hpp>
#include <taxon/number/weight_rows.hpp>

namespace taxon::quantize {

/// A network's weights, some of them rounded to their integers. Rows are rounded before a normalisation is folded into
/// them, which scales whole rows and so their steps too: the same integers result, except for weights half way between
/// two.
class RoundedWeights final : public WeightSource {
  public:
    /// Tensors to round, (outputs, inputs, …), and the factors by which the weights of each input are multiplied before
    /// that, or none.
    using Names = std::map<std::string, std::vector<float>, std::less<>>;

    /// `as`: int8 or int16; int8 of seven bits if wanted. Reads `source` when it is read.
    RoundedWeights(const WeightSource& source, Names names, Element as, bool seven_bits = false)
        : source_(&source), names_(std::move(names)), as_(as), seven_bits_(seven_bits) {}

    std::string origin() const override { return source_->origin(); }
    std::vector<std::string_view> names() const override { return source_->names(); }
    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t> wanted) const override {
        return source_->shape_of(name, wanted);
    }

    /// Throws as quantize_row does.
    void read(std::string_view name, std::span<const std::int64_t> shape, std::span<float> to) const override {
        source_->read(name, shape, to);
        const auto found = names_.find(name);
        if (found == names_.end() || shape.empty() || shape[0] == 0) return;
        const std::size_t length = to.size() / static_cast<std::size_t>(shape[0]);
        for (std::size_t at = 0; at < to.size(); at += length) {
            const std::span<float> row = to.subspan(at, length);
            scale(row, found->second, [](float& weight, float factor) { weight *= factor; });
            as_ == Element::int8 ? round<std::int8_t>(row) : round<std::int16_t>(row);
            scale(row, found->second, [](float& weight, float factor) { weight /= factor; });
        }
    }

  private:
    template <class Apply>
    static void scale(std::span<float> row, std::span<const float> factors, Apply apply) {
        for (std::size_t i = 0; i < row.size() && !factors.empty(); ++i)
            apply(row[i], factors[i / (row.size() / factors.size())]);
    }

    template <class Integer>
    void round(std::span<float> numbers) const {
        const auto row = quantize_row<Integer>(std::span<const float>(numbers),
                                               seven_bits_ ? most_of_seven_bits : most_weight<Integer>);
        for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = row.step * static_cast<float>(row.weights[i]);
    }

    const WeightSource* source_;
    Names names_;
    Element as_;
    bool seven_bits_;
};

}  // namespace taxon::quantize
