#pragma once
#include <functional>
#include <optional>
#include <taxon/app/gen/level_report.hpp>
#include <taxon/app/gen/precision_search.hpp>
#include <taxon/app/gen/write_offline.hpp>

namespace taxon::app {

/// The network that a verb `gen` writes: in the precision that its options name, or that a level chose.
class ChosenModel {
  public:
    /// `model`: the row that the options request. Throws as binding it or levelled_model does.
    ChosenModel(const LevelOptions& options, const Family& family, const RequestedModel& model,
                const CalibrationSource& calibration, const std::function<SearchInputs()>& search_inputs,
                Console& console)
        : entry_(&model.entry()) {
        if (options.level.empty()) {
            as_asked_ = model.bind(1, calibration, console, options.report.quiet);
            return;
        }
        levelled_ = levelled_model(family, model.entry(), options, search_inputs(), console);
        entry_ = levelled_->choice().entry;
    }

    const BoundModel& bound() const { return levelled_ ? levelled_->choice().model : *as_asked_; }

    /// Writes the file and reports it, with the search if there was one.
    void write(const GenOptions& options, const Family& family, const Extras& extras, Console& console) const {
        Json json = write_offline(options.output, family, *entry_, bound(), extras);
        if (levelled_) json["level"] = json_of(*levelled_);
        report(json, bound().weights, options.report, console, levelled_ ? "\n" + readable(*levelled_) : "");
    }

  private:
    const ModelEntry* entry_;
    std::optional<PrecisionSearchResult> levelled_{};
    std::optional<BoundModel> as_asked_{};
};

}  // namespace taxon::app
