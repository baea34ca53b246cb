#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/core/weight_source.hpp>
#include <taxon/graph/graph.hpp>
#include <vector>

namespace taxon {

/// A source's tensors under a graph's names. What training wraps around a network is taken off: `model.` (Lightning)
/// and `module.` (DataParallel) in any order and number, where all names have it. A normalisation folded into its
/// convolution, which then has a bias, is given back as one that changes nothing else. YOLOv5's `anchor_grid`, which
/// follows from `anchors`, is left out. Names that remain are those of the source; it must outlive this.
class FittedWeights final : public WeightSource {
  public:
    FittedWeights(GraphView graph, const WeightSource& source);

    /// The part of the source's names that is in front of the graph's.
    std::string_view prefix() const { return prefix_; }

    /// The names of the source's tensors that are none of the graph's, sorted.
    std::span<const std::string_view> others() const { return others_; }

    /// True if the source lists a tensor for this name of the graph. A generator lists none.
    bool contains(std::string_view name) const { return of_name_.contains(name); }

    /// The prefix of other names under which more parameters of the graph would be found, and how many; empty if there
    /// is none.
    struct Prefix {
        std::string_view text{};
        std::size_t fitting = 0;
    };
    Prefix elsewhere(GraphView graph) const;

    std::string origin() const override { return source_->origin(); }
    std::vector<std::string_view> names() const override;
    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t> wanted) const override;
    ModuleFacts facts() const override { return source_->facts(); }
    void read(std::string_view name, std::span<const std::int64_t> shape, std::span<float> to) const override;

  private:
    /// A tensor of the source, or numbers that are all the same.
    struct Tensor {
        std::string name{};
        std::optional<float> constant{};
    };

    /// The source's spelling of a graph's name.
    std::string spelt(std::string_view name) const { return std::string(prefix_).append(name.substr(left_out_)); }

    void find_prefix(GraphView graph, std::span<const std::string_view> names);

    template <class Take>
    void unfold(GraphView graph, const Node& norm, Take take);

    const WeightSource* source_;
    std::string_view prefix_{};
    std::size_t left_out_ = 0;  // of the graph's names: a scope that none of the source's has
    std::map<std::string_view, Tensor> of_name_{};
    std::vector<std::string_view> others_{};
};

}  // namespace taxon

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/weights/impl/fitted_weights.ipp>
#endif
