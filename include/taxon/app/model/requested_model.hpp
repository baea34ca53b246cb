#pragma once
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <taxon/app/model/calibrated_weights.hpp>
#include <taxon/app/model/class_names.hpp>
#include <taxon/app/model/offline_model.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/model/open_weights.hpp>
#include <taxon/policy/execution.hpp>

namespace taxon::app {

/// A bound network, ready to run.
struct BoundModel {
    std::unique_ptr<AnyModel> network;
    std::string weights;  ///< where they came from, without folders
    std::optional<CalibrationFacts> calibration{};
    std::vector<std::string> labels{};   ///< class names, if the weights came with them
    std::vector<std::string> remarks{};  ///< what was said about the weights

    /// Adds "remarks" if there are any.
    void describe(Json& json) const {
        if (!remarks.empty()) json["remarks"] = remarks;
    }
};

/// The network that a command line asks for: a row of the table, and the offline file if --weights names one.
class RequestedModel {
  public:
    /// Variant and precision default to the file's. Throws Fault::mismatch, saying what the file is, if it is for
    /// another network; Fault::usage for what is not in the table and for what offline files cannot do; and as
    /// OfflineModel does.
    RequestedModel(const Family& family, const ModelOptions& options);

    const Family& family() const { return family_; }
    const ModelEntry& entry() const { return *offer_; }
    const std::optional<OfflineModel>& offline() const { return offline_; }

    /// Verifies a whole offline file. Throws as OfflineFile::check does.
    void check() const {
        if (offline_) offline_->file()->check();
    }

    /// The names in --labels, else those in the offline file, else the program's.
    ClassNames names(const std::string& labels_file) const;

    /// Throws Fault::usage if `count` inputs in groups of `batch` include a group size that the offline file is not
    /// for.
    void require_batch(int batch, std::optional<std::size_t> count = std::nullopt) const;

    /// Binds the weights, calibrating first with `calibration` where ranges are needed. `threads`: per run; calibration
    /// uses all that the process may.
    BoundModel bind(int threads, const CalibrationSource& calibration, Console& console, bool quiet) const;

  private:
    ModelQuery choice_of_file() const;

    /// `channels`: of the file's results, 0 if it does not say.
    void require_classes(const Shape& output, int channels) const;

    const Family& family_;
    ModelOptions options_;
    std::optional<OfflineModel> offline_;
    const ModelEntry* offer_ = nullptr;
};

}  // namespace taxon::app
