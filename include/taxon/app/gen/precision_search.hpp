#pragma once
#include <algorithm>
#include <limits>
#include <string>
#include <taxon/app/gen/level_options.hpp>
#include <taxon/app/gen/precision_search_result.hpp>
#include <taxon/app/perf/times_in_turn.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// Inputs of a precision search, which depend on the kind of network.
struct SearchInputs {
    std::string typical_inputs;     ///< options that name inputs to calibrate with
    CalibrationSource calibration;  ///< to find ranges
    CalibrationSource samples;      ///< to scan layers, and to time
    std::function<Comparison(const AnyModel&, const ModelEntry&)> comparison;
};

namespace detail {

/// `typical_inputs`: options that name inputs to calibrate with.
inline void require_sense(const LevelOptions& options, Level level, std::string_view typical_inputs) {
    const CalibrationOptions& calibration = options.model.calibration;
    const auto refuse = [&](std::string_view found, std::string_view wanted) {
        throw Error(Fault::usage, {.place = "--level " + options.level, .found = found, .wanted = wanted});
    };
    if (options.model.backend != "cpu" ||
        (!options.model.execution.empty() && options.model.execution != execution::Fused::name))
        refuse("--backend " + options.model.backend +
                   (options.model.execution.empty() ? "" : " --execution " + options.model.execution),
               "the cpu backend, fused");
    if (level == Level::O0 && calibration.any()) refuse("calibration, but no integer precision", "--level O2 or O3");
    if (level == Level::O1 && (calibration.method_name || calibration.percentile || calibration.equalise))
        refuse("a calibration method, but no integer precision", "--level O2 or O3");
    if (level >= Level::O2 && !calibration.named() && !names_synthetic_weights(options.model.weights))
        refuse("nothing to calibrate with", typical_inputs);
}

/// The stages of levelled_model, in order.
class PrecisionSearch {
  public:
    PrecisionSearch(const Family& family, const ModelEntry& floats, const LevelOptions& options,
                    const SearchInputs& inputs, Console& console)
        : family_(family), floats_(floats), options_(options), inputs_(inputs), console_(console),
          level_(level_of(options.level)), rows_(rows_of(level_, family, floats)), settings_(options.model.settings()),
          opened_(open_weights(family, floats, options.model)), workers_(cpu::usable_processors()) {
        tell(opened_.remarks, console, options.report.quiet);
        if (options.model.calibration.equalise) equalised_.emplace(floats.graph, *opened_.source);
        result_.rule = {level_, options.bound(level_)};
        result_.not_built = not_built(level_, rows_);
    }

    PrecisionSearchResult run() && {
        find_ranges();
        for (const ModelEntry* row : rows_) result_.candidates.push_back({.entry = row, .model = bound(*row)});
        compare();
        choose();
        if (level_ == Level::O2) scan();
        return std::move(result_);
    }

  private:
    const WeightSource& quantized_source() const {
        return equalised_ ? static_cast<const WeightSource&>(*equalised_) : *opened_.source;
    }

    /// Of all values that any of the precisions stores, with or without layers kept in float, so that all are
    /// calibrated at once.
    void find_ranges() {
        const auto row = std::find_if(rows_.begin(), rows_.end(),
                                      [](const ModelEntry* entry) { return entry->data_types.quantized(); });
        if (row == rows_.end()) return;
        DataTypes whole = (*row)->data_types;
        whole.float_layers = {};
        ranges_ = app::find_ranges(family_, **row, floats_.replan(whole).view(), quantized_source(), options_.model,
                                   inputs_.calibration, console_, options_.report.quiet);
    }

    BoundModel bound(const ModelEntry& row) const {
        const std::string from = description_of(*opened_.source, options_.model);
        if (!row.data_types.quantized())
            return {row.load(*opened_.source, {}, settings_), from, {}, {}, opened_.remarks};
        CalibrationFacts facts = ranges_.facts;
        facts.values = quantize::stored_values(row.graph, row.plan).size();
        if (equalised_) facts.equalised_pairs = equalised_->pairs();
        return {row.load(quantized_source(), ranges_.ranges, settings_), from, facts, {}, opened_.remarks};
    }

    const AnyModel& network() const { return *result_.floats().model.network; }

    CalibrationInputs samples() const { return inputs_.samples(network(), floats_); }

    void compare() {
        const Comparison comparison = inputs_.comparison(network(), floats_);
        result_.compared_on = comparison.kind, result_.compared = comparison.count, result_.metric = comparison.metric;
        std::vector<const AnyModel*> networks;
        for (const Candidate& candidate : result_.candidates) networks.push_back(candidate.model.network.get());
        Progress progress(console_, options_.report.quiet, "runs to compare", comparison.count * networks.size());
        const auto verdicts = comparison.judge(networks, floats_, workers_, progress);
        std::vector<float> answer(static_cast<std::size_t>(floats_.output.size()));
        const auto times = times_in_turn(networks, spaced_samples(samples(), floats_, 1).front(), answer);
        for (std::size_t i = 0; i < networks.size(); ++i) {
            Candidate& candidate = result_.candidates[i];
            candidate.drop = verdicts[i].drop, candidate.score = verdicts[i].score;
            candidate.milliseconds = times[i];
        }
    }

    void choose() {
        if (const auto choice = chosen(result_.candidates, result_.rule)) {
            result_.written = *choice;
            return;
        }
        double least = std::numeric_limits<double>::infinity();
        for (const Candidate& candidate : result_.candidates)
            if (allows(level_, candidate.entry->data_types)) least = std::min(least, candidate.drop);
        throw Error(Fault::limit, {.place = "--level " + options_.level,
                                   .found = fmt::format("a drop of {:.2f} points on {} {}", least, result_.compared,
                                                        result_.compared_on),
                                   .wanted = fmt::format("at most {:g}", result_.rule.max_drop),
                                   .remedy = "--level O2 keeps the most sensitive layers in float"});
    }

    /// The base of the scan: the chosen precision if it is all integers, else another such precision, else one that
    /// keeps layers in float.
    void scan() {
        const auto rank = [&](const Candidate& c) {
            return !c.entry->data_types.quantized()            ? 3
                   : !c.entry->data_types.float_layers.empty() ? 2
                   : &c == &result_.choice()                   ? 0
                                                               : 1;
        };
        const auto base = std::min_element(result_.candidates.begin(), result_.candidates.end(),
                                           [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
        result_.scan = scan_layers(result_.candidates, *base, quantized_source(), ranges_.ranges, samples(),
                                   result_.rule, settings_, workers_, console_, options_.report.quiet);
    }

    const Family& family_;
    const ModelEntry& floats_;
    const LevelOptions& options_;
    const SearchInputs& inputs_;
    Console& console_;
    Level level_;
    std::vector<const ModelEntry*> rows_;
    Settings settings_;
    OpenedWeights opened_;
    std::optional<quantize::Equalised> equalised_;
    FoundRanges ranges_;
    WorkerPool workers_;
    PrecisionSearchResult result_;
};

}  // namespace detail

/// Loads every precision that the level allows, measures its drop and its speed on one thread, and chooses; for O2,
/// scans the layers as well. `floats`: the float32 row of the network. Throws Fault::usage for options that contradict
/// the level, or if the program lacks its precisions; Fault::limit if none is within the bound; and as binding and
/// reading pictures do.
inline PrecisionSearchResult levelled_model(const Family& family, const ModelEntry& floats, const LevelOptions& options,
                                            const SearchInputs& inputs, Console& console) {
    detail::require_sense(options, level_of(options.level), inputs.typical_inputs);
    return detail::PrecisionSearch(family, floats, options, inputs, console).run();
}

}  // namespace taxon::app
