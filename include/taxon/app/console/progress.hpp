#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/stop_signals.hpp>
#include <taxon/app/console/wording.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// "40 of 100 pictures, 20/s, 3 s left", of which `before` were done before the `seconds` that this has taken.
inline std::string progress_text(std::size_t done, std::size_t total, std::size_t before, std::string_view unit,
                                 double seconds) {
    const double rate = seconds > 0 ? static_cast<double>(done - before) / seconds : 0;
    auto text = fmt::format("{} of {} {}, ", done, total, unit) +
                (rate < 10 ? fmt::format("{:.2g}/s", rate) : fmt::format("{:.0f}/s", rate));
    if (done < total && rate > 0) text += ", " + readable_seconds(static_cast<double>(total - done) / rate) + " left";
    return text;
}

/// Reports the progress of long work: a bar that redraws its line on a terminal, an occasional line elsewhere, nothing
/// when silent. The first Ctrl-C or SIGTERM while or after it lives requests a stop of the work, which is to look at
/// `stop()`; see StopSignals.
class Progress {
  public:
    /// `note`, if there is one, adds a figure of the caller's own to each line ("top-1 82.4%"); it is called under the
    /// lock. `before`: of `total`, what an earlier run has done.
    Progress(Console& console, bool silent, std::string unit, std::size_t total, std::function<std::string()> note = {},
             std::size_t before = 0)
        : console_(console), silent_(silent), unit_(std::move(unit)), total_(total), before_(before), done_(before),
          note_(std::move(note)) {
        StopSignals::keep_results();
    }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress() {
        if (bar_is_open_) console_.err << std::endl;
    }

    /// Requested at the first advance after a signal.
    std::stop_token stop() const { return stop_.get_token(); }

    /// Adds `count` to the work done. May be called from many threads.
    void advance(std::size_t count) {
        if (StopSignals::requested()) stop_.request_stop();
        if (silent_) return;
        const std::lock_guard lock(mutex_);
        done_ += count;
        const auto now = Clock::now();
        if (done_ < total_ && now - shown_ < pause(now)) return;
        shown_ = now;
        show(std::chrono::duration<double>(now - start_).count());
    }

  private:
    using Clock = std::chrono::steady_clock;

    /// Between two lines: elsewhere than on a terminal a tenth of the time so far, so that a log of hours stays short.
    Clock::duration pause(Clock::time_point now) const {
        using namespace std::chrono_literals;
        return console_.error_is_terminal ? Clock::duration(100ms)
                                          : std::clamp<Clock::duration>((now - start_) / 10, 1s, 60s);
    }

    void show(double seconds) {
        auto figures = progress_text(done_, total_, before_, unit_, seconds);
        if (note_) figures += ", " + note_();
        bar_is_open_ = console_.error_is_terminal && done_ < total_;
        if (console_.error_is_terminal)
            console_.err << '\r' << bar() << ' ' << figures << "\033[K" << (bar_is_open_ ? "" : "\n") << std::flush;
        else console_.err << figures + "\n" << std::flush;
    }

    std::string bar() const {
        constexpr std::size_t width = 30;
        const auto filled = total_ == 0 ? width : width * std::min(done_, total_) / total_;
        return '[' + std::string(filled, '=') + std::string(width - filled, ' ') + ']';
    }

    Console& console_;
    bool silent_, bar_is_open_ = false;
    std::string unit_;
    std::size_t total_, before_, done_;
    std::function<std::string()> note_;
    Clock::time_point start_ = Clock::now(), shown_ = start_;
    std::stop_source stop_;
    std::mutex mutex_;
};

}  // namespace taxon::app
