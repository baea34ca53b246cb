#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <taxon/backend/cpu/run_record.hpp>
#include <utility>
#include <vector>

namespace taxon {

/// The times of a run by what it did, in seconds. They add up: a run is its rows and what lies outside of them, which
/// is waking threads and waiting for the last one.
struct RunTimes {
    /// The conversion of the inputs, a step, or the conversion of the outputs.
    struct Row {
        double seconds = 0;          ///< of wall clock: from the end of the row before to that of the last thread
        std::vector<double> busy{};  ///< of each thread's own work; the rest of the row it waited

        /// The busiest thread's work over the mean: 1 is even.
        double imbalance() const {
            double sum = 0, most = 0;
            for (const double one : busy) sum += one, most = std::max(most, one);
            return sum > 0 ? most * static_cast<double>(busy.size()) / sum : 1;
        }
    };

    double seconds = 0;
    std::vector<Row> rows{};  ///< inputs, every step, outputs

    const Row& input() const { return rows.front(); }
    const Row& step(std::size_t number) const { return rows[number + 1]; }
    const Row& output() const { return rows.back(); }

    /// Seconds of all rows.
    double in_rows() const {
        double sum = 0;
        for (const Row& row : rows) sum += row.seconds;
        return sum;
    }
    /// Seconds of a thread's own work.
    double busy(std::size_t thread) const {
        double sum = 0;
        for (const Row& row : rows) sum += row.busy[thread];
        return sum;
    }

    /// Of a recorded run of a plan with that many steps. Samples that one thread each ran alone count as much of a row
    /// as their share of the threads.
    static RunTimes of(const cpu::RunRecord::Run& run, std::size_t steps) {
        RunTimes times{seconds_between(run.begin, run.end),
                       std::vector<Row>(steps + 2, Row{0, std::vector<double>(run.threads.size())})};
        const auto row_of = [steps](int step) {
            return step == cpu::RunRecord::input    ? 0
                   : step == cpu::RunRecord::output ? steps + 1
                                                    : static_cast<std::size_t>(step) + 1;
        };
        std::vector<SharedRows> shared(static_cast<std::size_t>(run.batch - run.whole), SharedRows(steps + 2));
        for (std::size_t thread = 0; thread < run.threads.size(); ++thread) {
            const cpu::RunRecord::Interval* before = nullptr;
            for (const auto& one : run.threads[thread]) {
                const std::size_t number = row_of(one.step);
                Row& row = times.rows[number];
                row.busy[thread] += seconds_between(one.begin, one.end);
                if (one.sample < run.whole)
                    row.seconds += seconds_between(before ? before->end : one.begin, one.end) /
                                   static_cast<double>(run.threads.size());
                else {
                    const bool follows = before && before->sample == one.sample;
                    shared[static_cast<std::size_t>(one.sample - run.whole)].add(
                        number, one, follows ? row_of(before->step) : number);
                }
                before = &one;
            }
        }
        for (const SharedRows& of_sample : shared) of_sample.add_to(times.rows);
        return times;
    }

    RunTimes& operator+=(const RunTimes& other) {
        seconds += other.seconds;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].seconds += other.rows[i].seconds;
            for (std::size_t thread = 0; thread < rows[i].busy.size(); ++thread)
                rows[i].busy[thread] += other.rows[i].busy[thread];
        }
        return *this;
    }
    RunTimes& operator/=(double count) {
        seconds /= count;
        for (Row& row : rows) {
            row.seconds /= count;
            for (double& one : row.busy) one /= count;
        }
        return *this;
    }

  private:
    using Time = cpu::RunRecord::Clock::time_point;

    static double seconds_between(Time from, Time to) { return std::chrono::duration<double>(to - from).count(); }

    /// The rows of a sample that threads share. One takes from where the rows before it ended to where its last thread
    /// did; rows that take turns, as a chain's steps do, are timed together and share that by their work.
    class SharedRows {
      public:
        explicit SharedRows(std::size_t count) : rows_(count) {}

        /// An interval of a row, which a thread began after one of the row `before`.
        void add(std::size_t row, const cpu::RunRecord::Interval& one, std::size_t before) {
            rows_[row].end = std::max(rows_[row].end, one.end);
            rows_[row].work += seconds_between(one.begin, one.end);
            begin_ = std::min(begin_, one.begin);
            for (std::size_t i = row + 1; i <= before; ++i) rows_[i].takes_turns = true;
        }

        void add_to(std::vector<Row>& all) const {
            Time reached = begin_;
            for (std::size_t first = 0, last = 0; first < rows_.size(); first = last) {
                double work = 0;
                Time end = reached;
                do {
                    work += rows_[last].work;
                    end = std::max(end, rows_[last].end);
                } while (++last < rows_.size() && rows_[last].takes_turns);
                for (std::size_t i = first; i < last && work > 0; ++i)
                    all[i].seconds += seconds_between(reached, end) * rows_[i].work / work;
                reached = end;
            }
        }

      private:
        struct Times {
            Time end = Time::min();
            double work = 0;           ///< seconds of all threads
            bool takes_turns = false;  ///< with the row before it
        };
        std::vector<Times> rows_;
        Time begin_ = Time::max();
    };
};

/// Row by row, the mean over the fastest tenth of the runs, at least one: others may use the machine, and only ever
/// make it slower; but a mean adds up, which minima do not. Needs at least one run.
inline RunTimes mean_of_fastest(std::vector<RunTimes> runs) {
    std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.seconds < b.seconds; });
    const std::size_t count = (runs.size() + 9) / 10;
    for (std::size_t i = 1; i < count; ++i) runs.front() += runs[i];
    return runs.front() /= static_cast<double>(count);
}

/// Each step's least seconds.
inline std::vector<double> least_step_seconds(const cpu::RunRecord& record, std::size_t steps) {
    std::vector<double> least(steps, std::numeric_limits<double>::infinity());
    for (const auto& run : record.runs) {
        const RunTimes times = RunTimes::of(run, steps);
        for (std::size_t i = 0; i < steps; ++i) least[i] = std::min(least[i], times.step(i).seconds);
    }
    return least;
}

}  // namespace taxon
