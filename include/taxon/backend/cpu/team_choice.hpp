#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace taxon::cpu {

/// The number of threads that suits a network's runs on this machine now, learned from the times of the runs: 1, 2, 4 …
/// or all. First all of them are tried and half as many; later, now and then, a neighbour of what is best, so seldom
/// that trying costs about 2 % of the time. Three to five slow runs make it leave what was best. Safe for any number of
/// callers, none of which waits: those that meet take all threads, and tell nothing.
class TeamChoice {
  public:
    TeamChoice() = default;
    TeamChoice(const TeamChoice&) = delete;

    /// The number of threads for the next run, at most `most`.
    int next(int most) {
        if (busy_.test_and_set(std::memory_order_acquire)) return most;
        if (most != most_) forget(most);
        if (left_ == 0) choose();
        const int threads = threads_of(tried_);
        busy_.clear(std::memory_order_release);
        return threads;
    }

    /// Tells how long a run took, in any unit, and how many threads it had: fewer were there if others kept them busy.
    void note(int threads, double time) {
        if (busy_.test_and_set(std::memory_order_acquire)) return;
        if (most_ > 0 && threads == threads_of(tried_)) learn(static_cast<float>(time));
        busy_.clear(std::memory_order_release);
    }

  private:
    static constexpr int levels = 10, enough = 3, window = 8;
    /// Runs of a trial. The first is not counted: threads wake up, their data are elsewhere, and the system moves
    /// threads to other processors.
    static constexpr int trial = 5;
    static constexpr float budget = .02f, clearly = .97f;

    /// The last times of a number of threads.
    struct Times {
        std::array<float, window> last{};
        int count = 0;

        void add(float time) { last[static_cast<std::size_t>(count++ % window)] = time; }
        bool known() const { return count >= enough; }
        /// Their mean without the longest quarter, in which something else has taken a processor.
        float usual() const {
            const int there = std::min(count, window), kept = there - (there + 3) / 4;
            if (kept == 0) return last[0];
            auto sorted = last;
            std::sort(sorted.begin(), sorted.begin() + there);
            float sum = 0;
            for (int i = 0; i < kept; ++i) sum += sorted[static_cast<std::size_t>(i)];
            return sum / static_cast<float>(kept);
        }
    };

    void forget(int most) {
        times_ = {};
        most_ = most, best_ = tried_ = last_level(), left_ = 0, cold_ = true, saved_ = 0;
    }

    int last_level() const {
        return std::min(levels - 1, static_cast<int>(std::bit_width(static_cast<unsigned>(most_ - 1))));
    }
    int threads_of(int level) const { return level == last_level() ? most_ : 1 << level; }
    Times& times(int level) { return times_[static_cast<std::size_t>(level)]; }

    /// Starts a trial of a neighbour that is unknown, or of one that may cost no more than was saved for that.
    void choose() {
        tried_ = best_;
        if (!times(best_).known()) return;
        const float usual = times(best_).usual();
        for (const int level : {best_ - 1, best_ + 1}) {
            if (level < 0 || level > last_level()) continue;
            // at least a quarter of a run, or two that are equal would always take turns
            const float loss = std::clamp(times(level).usual() - usual, usual / 4, 2 * usual);
            if (times(level).known() && trial * loss > saved_) continue;
            tried_ = level, left_ = trial, trial_times_ = {};
            return;
        }
    }

    void learn(float time) {
        if (cold_) {  // memory is touched for the first time
            cold_ = false;
            return;
        }
        const float usual = times(best_).usual();
        if (tried_ == best_) {
            times(best_).add(time);
            saved_ = std::min(saved_ + budget * time, 2 * trial * usual);
            // more threads need a trial: these runs may be slow for want of the processor that those would use
            if (best_ > 0 && times(best_ - 1).known() && beats(best_ - 1)) take(best_ - 1);
            return;
        }
        spend(std::max(time - usual, usual / 4));
        const int run = trial - left_--;  // of the trial, from 0
        if (run == 0) first_time_ = time;
        else trial_times_.add(time);
        if (is_hopeless(run, time)) {
            do times(tried_).add(time);
            while (!times(tried_).known());
            left_ = 0;
        } else if (left_ == 0) {
            times(tried_) = trial_times_;
            if (beats(tried_)) best_ = tried_;
        }
    }

    /// Fewer threads: after the second run, if both were much slower; the rest of the trial of a network that takes a
    /// quarter of a second would cost most of a second. More threads have a whole trial the first time.
    bool is_hopeless(int run, float time) {
        const float usual = times(best_).usual();
        if (tried_ < best_) return run == 1 && std::min(first_time_, time) > 1.5f * usual;
        return times(tried_).known() && time > 2 * usual;
    }
    /// More threads must be clearly quicker, fewer need not.
    bool beats(int level) { return times(level).usual() < (level > best_ ? clearly : 1) * times(best_).usual(); }
    /// What is best no longer has lost time as well.
    void take(int level) {
        spend(window * (times(best_).usual() - times(level).usual()));
        best_ = level;
    }
    void spend(float time) { saved_ = std::max(saved_ - std::max(time, 0.f), -20 * times(best_).usual()); }

    std::atomic_flag busy_{};
    std::array<Times, levels> times_{};
    Times trial_times_{};
    float first_time_ = 0;                            ///< of a trial: it tells nothing unless the second is as slow
    int most_ = 0, best_ = 0, tried_ = 0, left_ = 0;  ///< levels; left: runs of a trial
    bool cold_ = true;
    float saved_ = 0;  ///< time that may be lost in trying
};

}  // namespace taxon::cpu
