#pragma once
#include <algorithm>
#include <optional>
#include <taxon/app/perf/arrivals.hpp>
#include <taxon/app/perf/statistics.hpp>
#include <vector>

namespace taxon::app {

/// One run of a batch. Moments are counted from the start of the measurement.
struct Run {
    Nanoseconds intended, started, ended;

    Nanoseconds latency() const { return ended - intended; }  ///< what a caller sees
    Nanoseconds waiting() const { return started - intended; }
    Nanoseconds service() const { return ended - started; }
};

/// When a measurement ends. `within`: once the median's confidence interval is narrower than that fraction of the
/// median, at the latest after `duration`.
struct Extent {
    std::optional<std::size_t> iterations;
    Nanoseconds duration{};
    std::optional<double> within;
};

/// The course of a measurement: which run is next, and which have been. Holds neither a clock nor threads. Without
/// arrivals each run begins when its stream is free; with them, every request that arrives is served, however late, so
/// that a slow one does not keep others from being counted (coordinated omission).
class Course {
  public:
    explicit Course(const Extent& extent, std::optional<Arrivals> arrivals = std::nullopt)
        : extent_(extent), arrivals_(std::move(arrivals)) {
        if (extent_.iterations) runs_.reserve(std::min(*extent_.iterations, std::size_t{1} << 20));
    }

    /// The intended start of the next run, or nothing if there is none. `now`: since the start.
    std::optional<Nanoseconds> next(Nanoseconds now) {
        if (finished_ || (extent_.iterations && begun_ >= *extent_.iterations)) return std::nullopt;
        const bool timed = !extent_.iterations && begun_ > 0;
        if (!arrivals_) {
            if (timed && now >= extent_.duration) return std::nullopt;
            ++begun_;
            return now;
        }
        const Nanoseconds at = arrivals_->next();
        if (timed && at >= extent_.duration) return finished_ = true, std::nullopt;
        // Beyond its capacity a queue grows without end; its measurement must not.
        if (timed && now >= patience * extent_.duration) return unserved_ = finished_ = true, std::nullopt;
        ++begun_;
        return at;
    }

    void ended(Run run) {
        if (!arrivals_) run.intended = run.started;
        runs_.push_back(run);
        if (extent_.within && runs_.size() >= next_look_) look();
    }

    void stop() { finished_ = true; }

    const std::vector<Run>& runs() const { return runs_; }
    std::vector<Run> take_runs() && { return std::move(runs_); }

    /// Whether arrivals remained that nobody would serve in time: the rate is beyond capacity.
    bool unserved() const { return unserved_; }
    /// Whether the interval became narrow enough; false unless that was asked for.
    bool converged() const { return converged_; }

    static constexpr int patience = 3;  ///< durations after which the remaining arrivals are given up

  private:
    /// At counts that grow by a quarter, so that all looks together cost little more than the last one.
    void look() {
        next_look_ += std::max<std::size_t>(1, next_look_ / 4);
        std::vector<double> times;
        times.reserve(runs_.size());
        for (const Run& run : runs_) times.push_back(milliseconds(run.latency()));
        std::sort(times.begin(), times.end());
        const auto [low, high] = median_interval(times);
        converged_ = high - low < *extent_.within * quantile(times, .5);
        finished_ = finished_ || converged_;
    }

    Extent extent_;
    std::optional<Arrivals> arrivals_;
    std::vector<Run> runs_;
    std::size_t begun_ = 0, next_look_ = 30;
    bool finished_ = false, unserved_ = false, converged_ = false;
};

}  // namespace taxon::app
