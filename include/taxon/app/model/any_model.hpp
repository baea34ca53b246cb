#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/config_field.hpp>
#include <taxon/core/image.hpp>
#include <taxon/core/shape.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/graph/layer_visitor.hpp>
#include <taxon/plan/owned_plan.hpp>
#include <taxon/io/offline_file.hpp>
#include <taxon/io/offline_writer.hpp>
#include <taxon/core/weight_source.hpp>
#include <taxon/policy/precision.hpp>
#include <taxon/number/range.hpp>
#include <taxon/text/letter_case.hpp>
#include <vector>

namespace taxon::app {

/// A bound model behind virtual calls: a command line serves many model types, and each is compiled once, in a file of
/// its own.
class AnyModel {
  public:
    /// The memory of one run at a time.
    struct Scratch {
        virtual ~Scratch() = default;
    };
    virtual ~AnyModel() = default;

    virtual std::unique_ptr<Scratch> scratch() const = 0;

    /// What the model's Preprocess policy makes of a picture. Throws Fault::usage for a network over texts.
    virtual void preprocess(const Image& picture, PixelTarget target) const = 0;

    /// `samples`: (N, C, H, W), normalised, or (N, tokens, features); `outputs`: N times the output's size, which says
    /// how many there are. Attention looks at the first `valid[i]` tokens of sample i, without them at all. Safe for
    /// many threads, each with its scratch.
    virtual void run(std::span<const float> samples, std::span<float> outputs, Scratch& scratch,
                     std::span<const int> valid = {}) const = 0;

    /// The instruction set that was chosen ("amx", "avx512", "avx2", "portable"), or "none" for the Reference backend.
    virtual std::string_view isa() const = 0;

    /// Runs one sample and shows what every step makes (C, H, W): every layer where `ModelEntry::by_layer`, else what
    /// the plan keeps.
    virtual void walk(std::span<const float> sample, Scratch& scratch, const LayerVisitor& see) const = 0;

    /// Runs one sample on this thread while `edit` changes what each step makes before the next reads it. Throws
    /// Fault::usage unless all of the network's values are floats, on the cpu backend.
    virtual void run_edited(std::span<const float>, std::span<float>, Scratch&, const LayerEditor&) const {
        throw without_steps();
    }

    /// The least time in seconds that each step of `ModelEntry::plan` takes on this thread, out of `passes` runs of one
    /// sample. Throws Fault::usage unless on the cpu backend.
    virtual std::vector<double> step_seconds(std::span<const float>, Scratch&, int) const { throw without_steps(); }

    /// Writes an off-line file of its packed weights and `more`, crash-safely. Throws Fault::usage for the Reference
    /// backend, Fault::io.
    virtual void save(const std::filesystem::path& path, std::span<const io::OfflineSection> more) const = 0;

  protected:
    static Error without_pictures() {
        return Error(Fault::usage, {.place = "input", .found = "a picture", .wanted = "a text, or its tokens"});
    }

  private:
    static Error without_steps() {
        return Error(
            Fault::usage,
            {.place = "steps", .found = "a network that runs without a plan", .wanted = "one of the cpu backend"});
    }
};

/// What the command line may say of how a network is to run.
struct Settings {
    std::string isa = "auto";
    int threads = 1;  ///< that share one run: the samples of a batch, or a single one's layers
};

/// A row of an example's table: one model type with what is known of it while compiling, and how to bind weights to it.
struct ModelEntry {
    std::string_view variant{}, precision{}, backend{}, execution{};  ///< as the command line names them
    std::string_view size{};  ///< of pictures, where a variant comes in several: "640"
    std::string_view preprocess{};
    Shape input{}, output{};
    std::optional<text::LetterCase> letter_case{};  ///< how texts are made tokens, of a network over texts
    std::span<const ConfigField> config{};          ///< what the config.json of a folder is held to
    long parameter_count = 0, flops = 0, arena_bytes = 0, packed_bytes = 0;
    bool by_layer = false;
    DataTypes data_types{};
    GraphView graph{};
    PlanView plan{};  ///< none for the Reference backend, as the following
    /// what another precision's plan is; only for float32, fused
    OwnedPlan (*replan)(const DataTypes&) = nullptr;
    /// ranges: of all that `plan` stores as integers
    std::unique_ptr<AnyModel> (*load)(const WeightSource&, const quantize::Ranges&, const Settings&) = nullptr;
    /// none for the Reference backend
    std::unique_ptr<AnyModel> (*open)(std::shared_ptr<const io::OfflineFile>, const Settings&) = nullptr;
};

/// A command-line program's family: its name and all that was compiled into it.
struct Family {
    std::string_view name;
    std::span<const ModelEntry> entries;  ///< the first one is the default variant
    /// safetensors bytes that `embedded_variant` takes when no --weights is given
    std::span<const std::byte> embedded{};
    std::string_view embedded_variant{};
    std::span<const std::string_view> embedded_labels{};
};

}  // namespace taxon::app
