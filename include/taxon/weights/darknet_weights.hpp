#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/core/weight_source.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/io/darknet_file.hpp>
#include <vector>

namespace taxon {

/// A Darknet weight file, with the names of a network whose convolutions are traced in the order of its .cfg: for each
/// its biases, or its normalisation's bias, weight, mean and variance; then its weights. Throws Fault::mismatch for a
/// network with another box code than Darknet's, or for another number of classes; Fault::truncated and Fault::unused
/// if the number of floats differs for any other reason.
///
///     const auto model = Detector::load(DarknetWeights("yolov3.weights", Detector::graph));
class DarknetWeights final : public WeightSource {
  public:
    DarknetWeights(const std::filesystem::path& path, GraphView graph);

    std::string origin() const override;
    std::vector<std::string_view> names() const override;
    std::optional<Dimensions> shape_of(std::string_view name, std::span<const std::int64_t>) const override;
    void read(std::string_view name, std::span<const std::int64_t>, std::span<float> to) const override;

  private:
    struct Place {
        std::size_t first;
        Dimensions shape;
    };

    void add(int convolution);
    int norm_of(int convolution) const;
    void add_parameter(int index);

    void check_code() const;

    /// Throws Fault::mismatch if the size is that of another network of Darknet's.
    void check_variant(std::int64_t found) const;

    /// Every float belongs to some layer: a surplus or a deficit means another network. Each class adds an output to
    /// each anchor's map.
    void check_size() const;

    GraphView graph_;
    io::DarknetFile file_;
    std::map<std::string_view, Place> places_{};
    std::size_t wanted_ = 0;
};

}  // namespace taxon

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/weights/impl/darknet_weights.ipp>
#endif
