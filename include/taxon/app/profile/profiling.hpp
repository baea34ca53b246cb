#pragma once
#include <string>
#include <taxon/app/model/calibration.hpp>
#include <taxon/app/perf/workload.hpp>
#include <taxon/app/profile/assemble.hpp>
#include <taxon/app/profile/options.hpp>
#include <taxon/app/program/verb.hpp>
#include <functional>
#include <vector>

namespace taxon::app {

class RequestedModel;
class WorkerPool;

/// The verb `profile`: where a run's time goes. What it knows of a kind of program is in the functions below; the rest
/// is compiled once, see profiling_definition.hpp.
class Profiling : public Verb {
  public:
    CLI::App* add(CLI::App& program, const Family& family) override;
    int run(const Program& program, Console& console) const override;

  protected:
    /// What is profiled.
    struct Work {
        int length = none;  ///< of texts
        CalibrationSource calibration{};
        Stages stages{};  ///< of --end-to-end
        /// from files or texts to results; none: from generated samples to raw results
        std::function<Workload(const AnyModel&, const ModelEntry&, WorkerPool&)> end_to_end{};
    };

    ProfilingOptions options;

    virtual std::string noun() const { return "sample"; }
    /// What --end-to-end profiles, for --help; empty: there is none.
    virtual std::string timed() const { return ""; }
    virtual void add_inputs(CLI::App&, const Family&) {}
    virtual std::vector<NamedFile> inputs() const { return {}; }
    /// Throws Fault::usage for inputs that make no sense.
    virtual void check_inputs() const {}
    /// It outlives the run.
    virtual Work work(const RequestedModel& model) const = 0;
};

}  // namespace taxon::app
