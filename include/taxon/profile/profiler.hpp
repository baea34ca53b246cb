#pragma once
#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/graph/port_numbers.hpp>
#include <taxon/profile/run_times.hpp>
#include <taxon/profile/stacks.hpp>
#include <taxon/profile/trace.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace taxon {

/// Runs a Model of backend::Cpu, or an AnyModel, and records when each thread began and ended each step:
///
///     taxon::Profiler profiler(model);
///     for (int i = 0; i < 100; ++i) profiler(picture);
///     std::cout << profiler.table();
///
/// Calls are those of the model in the calling thread's workspace, with the same results; runs in another workspace are
/// recorded if it is given `record`. A recorded run takes 50 ns more for each step, an unrecorded one nothing. For one
/// thread at a time; the model must outlive it. See trace.hpp and stacks.hpp for the formats.
template <class M>
class Profiler {
  public:
    explicit Profiler(const M& model) : model_(model) {}
    Profiler(const Profiler&) = delete;

    template <class... Arguments>
    auto operator()(Arguments&&... arguments) {
        static_assert((!std::is_base_of_v<typename M::Workspace, std::remove_cvref_t<Arguments>> && ...),
                      "taxon::Profiler: no workspace; one of yours records if it is given Profiler::record");
        const Recording recording(workspace(), record);
        return model_(std::forward<Arguments>(arguments)...);
    }
    auto operator()(std::initializer_list<InputSpan> inputs) {
        const Recording recording(workspace(), record);
        return model_(inputs);
    }

    cpu::RunRecord record{};  ///< of all calls so far; clear its runs to start again

    /// Per run: the mean over the fastest tenth. Throws Fault::usage before the first run.
    RunTimes times() const {
        if (record.runs.empty())
            throw Error(Fault::usage,
                        {.place = "profiler", .found = "no run", .wanted = "one or more calls before its results"});
        std::vector<RunTimes> runs;
        for (const auto& run : record.runs) runs.push_back(RunTimes::of(run, plan().steps.size()));
        return mean_of_fastest(std::move(runs));
    }

    /// The steps in order, for people.
    std::string table() const {
        const RunTimes mean = times();
        std::size_t width = 6;
        for (const Step& step : plan().steps) width = std::max(width, layer_of(graph(), step).size());
        std::string text = line(width, "layer", "kernel", "ms", "%", "GFLOP/s");
        const auto add = [&](std::string_view layer, std::string_view kernel, double seconds, double flops) {
            text += line(width, layer, kernel, number("%.4f", seconds * 1e3),
                         number("%.1f", 100 * seconds / mean.in_rows()),
                         flops > 0 && seconds > 0 ? number("%.1f", flops / seconds * 1e-9) : "");
        };
        const auto& last = record.runs.back();
        add("input", "", mean.input().seconds, 0);
        for (std::size_t i = 0; i < plan().steps.size(); ++i) {
            const Step& step = plan().steps[i];
            add(layer_of(graph(), step), name_of(step.geometry.kernel), mean.step(i).seconds,
                static_cast<double>(step_flops(graph(), step, last.length)) * last.batch);
        }
        add("output", "", mean.output().seconds, 0);
        return text + number("%.4f", mean.in_rows() * 1e3) + " ms in the steps of a run of " +
               number("%.4f", mean.seconds * 1e3) + " ms; " + std::to_string(record.runs.size()) + " runs\n";
    }

    std::string trace(std::string_view process = "taxon") const {
        return chrome_trace(spans_of(record.runs, graph(), plan()), process);
    }

    std::string stacks(std::string_view root = "network") const {
        const RunTimes mean = times();
        std::string text = collapsed_stack(root, "", "input", mean.input().seconds);
        for (std::size_t i = 0; i < plan().steps.size(); ++i)
            text += collapsed_stack(root, layer_of(graph(), plan().steps[i]), name_of(plan().steps[i].geometry.kernel),
                                    mean.step(i).seconds);
        return text + collapsed_stack(root, "", "output", mean.output().seconds);
    }

  private:
    /// For the duration of a call.
    template <class Workspace>
    class Recording {
      public:
        Recording(Workspace& workspace, cpu::RunRecord& record) : workspace_(workspace) {
            workspace_.record_to(&record);
        }
        Recording(const Recording&) = delete;
        ~Recording() { workspace_.record_to(nullptr); }

      private:
        Workspace& workspace_;
    };

    decltype(auto) workspace() const { return (model_.thread_workspace()); }

    GraphView graph() const {
        if constexpr (requires { model_.graph(); }) return model_.graph();
        else return M::graph;
    }
    PlanView plan() const {
        if constexpr (requires { model_.plan(); }) return model_.plan();
        else return M::Engine::plan;
    }

    static std::string number(const char* format, double value) {
        char text[64];
        std::snprintf(text, sizeof text, format, value);
        return text;
    }
    static std::string line(std::size_t width, std::string_view layer, std::string_view kernel, const std::string& ms,
                            const std::string& percent, const std::string& speed) {
        const auto left = [](std::string_view text, std::size_t size) {
            return std::string(text) + std::string(size > text.size() ? size - text.size() : 0, ' ');
        };
        const auto right = [](const std::string& text, std::size_t size) {
            return std::string(size > text.size() ? size - text.size() : 0, ' ') + text;
        };
        return left(layer, width) + "  " + left(kernel, 18) + right(ms, 10) + right(percent, 8) + right(speed, 10) +
               "\n";
    }

    const M& model_;
};

}  // namespace taxon
