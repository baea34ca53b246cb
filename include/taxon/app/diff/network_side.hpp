#pragma once
#include <memory>
#include <string>
#include <taxon/app/diff/layer_values.hpp>
#include <taxon/app/model/description.hpp>
#include <taxon/app/model/identity.hpp>
#include <taxon/app/run/sample_options.hpp>

namespace taxon::app {

/// True if a network of integers has no ranges yet, so that options for calibration concern it.
inline bool finds_ranges(const Family& family, const ModelOptions& options) {
    const bool stored = !names_synthetic_weights(options.weights) && OfflineModel::is_meant(options.weights);
    return !stored && choose(family, options.choice(family)).data_types.quantized();
}

/// One side of a comparison that is a network, bound and ready to run.
class NetworkSide {
  public:
    /// Options for calibration that do not concern it are left out. Throws as RequestedModel does, and as binding does.
    NetworkSide(const Family& family, const ModelOptions& options, const SampleOptions& samples, Console& console,
                bool quiet)
        : family_(family), options_(concerned(family, options)), model_(family, options_) {
        model_.check();
        bound_ = model_.bind(1, samples.calibration(options_, model_), console, quiet);
        workspace_ = network().make_workspace();
    }
    NetworkSide(const NetworkSide&) = delete;
    NetworkSide& operator=(const NetworkSide&) = delete;

    const ModelOptions& options() const { return options_; }
    const RequestedModel& model() const { return model_; }
    const ModelEntry& entry() const { return model_.entry(); }
    const AnyModel& network() const { return *bound_.network; }

    LayerValues values(std::span<const float> sample) const { return LayerValues::of(network(), sample, *workspace_); }

    std::string text() const {
        return description_of(family_, entry(), network().isa()) + ", " + printable(bound_.weights);
    }
    Json json() const {
        Json json = identity_json(family_, entry());
        json["isa"] = network().isa(), json["weights"] = bound_.weights;
        bound_.describe(json);
        return json;
    }

  private:
    static ModelOptions concerned(const Family& family, ModelOptions options) {
        if (!finds_ranges(family, options)) options.calibration = {};
        return options;
    }

    const Family& family_;
    ModelOptions options_;
    RequestedModel model_;
    BoundModel bound_{};
    std::unique_ptr<AnyModel::Workspace> workspace_;
};

}  // namespace taxon::app
