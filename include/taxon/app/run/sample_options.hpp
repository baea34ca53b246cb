#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <taxon/app/model/requested_model.hpp>
#include <vector>

namespace CLI {
class App;
}

namespace taxon::app {

/// Samples that a command line names, ready for the network: each its inputs, one after the other.
struct Samples {
    std::vector<std::string> names;
    std::function<std::vector<float>(std::size_t)> prepare;

    std::size_t size() const { return names.size(); }
};

/// The options of a verb that name samples: all that such a verb has to know of a kind of network. Constant once
/// parsed.
class SampleOptions {
  public:
    virtual ~SampleOptions() = default;

    /// Adds the options that name samples, and those that name samples to calibrate with.
    virtual void add(CLI::App& verb, const Family& family, CalibrationOptions& calibration) = 0;

    /// Adds only the options that name samples to calibrate with; of texts also --sequence.
    virtual void add_calibration(CLI::App& verb, const Family& family, CalibrationOptions& calibration) = 0;

    /// Tokens of a text, if the command line says how many.
    virtual std::optional<int> length() const { return std::nullopt; }

    /// True if the command line names samples. Throws Fault::usage if it contradicts itself.
    virtual bool named() const = 0;

    /// The options that name them, for people: "pictures, --input synthetic[:SALT] or --tensor FILE.npy".
    virtual std::string wanted() const = 0;

    /// Files that no output may overwrite.
    virtual std::vector<NamedFile> files() const = 0;

    /// The samples named, at least one; if there are none, those in a folder of .npy files, named like the inputs.
    /// Throws as reading them does. This and all arguments must outlive them.
    virtual Samples samples(const ModelOptions& options, const RequestedModel& model, const AnyModel& network,
                            const std::string& folder) const = 0;

    /// Samples to find ranges with: those that the options name, or generated ones for generated weights. Likewise.
    virtual CalibrationSource calibration(const ModelOptions& options, const RequestedModel& model) const = 0;
};

/// For verbs that need samples each on their own.
using MakeSampleOptions = std::function<std::unique_ptr<SampleOptions>()>;

}  // namespace taxon::app
