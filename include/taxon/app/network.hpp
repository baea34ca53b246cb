#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/image.hpp>
#include <taxon/core/shape.hpp>
#include <taxon/graph/layer_visitor.hpp>
#include <taxon/io/weight_source.hpp>

namespace taxon::app {

/// A bound model behind virtual calls: a command line serves many model types, and each is compiled once, in a file of its own.
class Network {
  public:
    /// The memory of one run at a time.
    struct Scratch {
        virtual ~Scratch() = default;
    };
    virtual ~Network() = default;

    virtual std::unique_ptr<Scratch> scratch() const = 0;

    /// What the model's Preprocess policy makes of a picture.
    virtual void preprocess(const Image& picture, PixelTarget target) const = 0;

    /// `pictures`: (N, C, H, W), normalised; `outputs`: N times the output's size. Safe for many threads, each with its scratch.
    virtual void run(std::span<const float> pictures, std::span<float> outputs, Scratch& scratch) const = 0;

    /// The instruction set that was chosen ("avx512", "avx2", "portable"), or "none" for the Reference backend.
    virtual std::string_view isa() const = 0;

    /// Runs one picture (C, H, W) layer by layer and shows every layer's name and output (C, H, W). Only where `Offer::by_layer`.
    virtual void walk(std::span<const float> picture, const LayerVisitor& see) const = 0;
};

/// What the command line may say of how a network is to run.
struct Settings {
    std::string isa = "auto";
    int threads = 1;  ///< that share one run: the samples of a batch, or a single one's layers
};

/// A row of an example's table: one model type with what is known of it while compiling, and how to bind weights to it.
struct Offer {
    std::string_view variant, precision, backend, execution;  ///< as the command line names them
    std::string_view preprocess;
    Shape input{}, output{};
    long parameter_count = 0, flops = 0, arena_bytes = 0, packed_bytes = 0;
    bool by_layer = false;
    std::unique_ptr<Network> (*load)(const WeightSource&, const Settings&) = nullptr;
};

/// A command-line program's family: its name and all that was compiled into it.
struct Family {
    std::string_view name;
    std::span<const Offer> offers;                 ///< the first one is the default variant
    std::span<const std::byte> embedded{};         ///< safetensors bytes that `embedded_variant` takes when no --weights is given
    std::string_view embedded_variant{};
    std::span<const std::string_view> embedded_labels{};
};

}  // namespace taxon::app
