#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/core/weight_source.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/weights/fitted_weights.hpp>
#include <vector>

namespace taxon {

/// A graph's parameters, read from a source that has exactly these once their names are fitted. Throws Fault::mismatch
/// with the numbers of missing, unexpected and mismatched ones, and the first of each; parameters with Role::ignored
/// may be absent, a table of word embeddings may have some rows more, and position embeddings for another picture size
/// are interpolated.
class Parameters {
  public:
    Parameters(GraphView graph, const WeightSource& source) : graph_(graph), source_(graph, source) { check(); }

    /// A parameter's elements, row-major. Throws Fault::value if one is not finite, or is a negative variance:
    /// activations would hide it, and every result would be wrong. Those of Op::constant may be infinite or NaN.
    std::vector<float> operator[](int index) const;

    /// The rows of a word table beyond those of the graph: of added tokens, or padding. Usually none.
    std::vector<float> more_words(const Node& embedding) const;

    /// The anchors of a detector's head in pixels, a width and a height each: the source's, which are in units of the
    /// stride, or else the type's.
    std::vector<float> anchors(const Node& boxes) const;

    /// A convolution's weights as (outputs, inputs of a group, taps), its parts concatenated; and its biases, zeros if
    /// it has none.
    std::vector<float> weights(const Node& node) const;
    std::vector<float> biases(const Node& node) const;

  private:
    static constexpr std::int64_t most_more_words = 1023;
    static constexpr std::size_t most_listed = 10;  // a file of another network has hundreds

    std::vector<float> joined(const Node& node, int first) const;
    std::vector<float> read(const Parameter& p, const Dimensions& stored) const;

    /// The shape of a parameter as it is stored: as the graph has it, but a word table may have more rows, and position
    /// embeddings another height and width.
    Dimensions stored_shape(int index) const;
    bool are_positions(int index) const;
    bool fits(int index, const Dimensions& stored) const;

    static Dimensions dimensions(const Parameter& p);

    void check() const;
    /// The number of classes of a classifier's weights, if it is not the graph's.
    std::optional<std::int64_t> other_classes() const;
    std::string remedy(bool lacks_some) const;

    static std::string text(const Dimensions& dimensions);

    GraphView graph_;
    FittedWeights source_;
};

/// A batch normalisation as one factor and one term per channel, its parts concatenated; in double, because it is
/// folded into other numbers.
struct Affine {
    std::vector<double> scale, shift;
};

TAXON_DECL Affine affine(const Node& norm, const Parameters& parameters);

}  // namespace taxon

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/weights/impl/parameters.ipp>
#endif
