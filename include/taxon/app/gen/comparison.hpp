#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <taxon/app/console/progress.hpp>
#include <taxon/app/console/worker_pool.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <vector>

namespace taxon::app {

/// A network's answers, beside float32's.
struct Verdict {
    double drop = 0;                ///< percentage points lost, negative if gained; without labels, of answers changed
    std::optional<double> score{};  ///< on labelled inputs
};

/// What a drop is measured in: a score on labelled inputs, or else agreement with float32.
struct Metric {
    std::string_view key{};     ///< of the score in JSON; empty without labels
    std::string_view name{};    ///< of the score, for people
    std::string_view change{};  ///< without labels: what counts as a changed answer

    bool labelled() const { return !key.empty(); }
};

inline constexpr Metric changed_classes{.change = "answers whose best class differs from float32's, percent"};

/// The inputs on which precisions of a network are compared, and how.
struct Comparison {
    std::string kind{};  ///< "pictures of the data set", "calibration texts", "generated inputs"
    std::size_t count = 0;
    Metric metric{};
    /// A verdict for each network, the first of which is float32. Throws CheckFailed for NaN or infinity in a result,
    /// and as reading an input does.
    std::function<std::vector<Verdict>(std::span<const AnyModel* const> networks, const ModelEntry& entry,
                                       WorkerPool& workers, Progress& progress)>
        judge{};
};

}  // namespace taxon::app
