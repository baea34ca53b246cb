#pragma once
#include <functional>
#include <string>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/perf/options.hpp>
#include <taxon/app/perf/workload.hpp>
#include <taxon/app/program/verb.hpp>
#include <vector>

namespace taxon::app {

/// What is measured of one network: what depends on the kind of its inputs.
struct PerfSubject {
    CalibrationSource calibration;
    /// the work of one stream, whose batch it is given; its memory counts towards the first inference
    std::function<Workload(const AnyModel&, const ModelEntry&, int batch, WorkerPool&)> work;
    int length = none;          ///< of texts
    std::string name_suffix{};  ///< of the measurement's name
};

/// Makes the subject of a requested network, which lives as long as the subject.
using PerfSubjectOf = std::function<PerfSubject(const RequestedModel&, const ModelOptions&)>;

/// Measures all settings that the options ask for, one network at a time, prints and writes. `inputs`: files that no
/// output may overwrite, beside those of the options themselves. Throws CheckFailed for --fail-above. One source file
/// of a program includes perf_definition.hpp.
int run_perf(const Program& program, const PerfOptions& options, std::vector<NamedFile> inputs,
             const PerfSubjectOf& subject_of, Console& console);

}  // namespace taxon::app
