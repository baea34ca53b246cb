#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <taxon/app/console/console.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// Reports the progress of long work: a bar that redraws its line on a terminal, an occasional line elsewhere, nothing
/// when silent.
class Progress {
  public:
    /// `note` adds a figure of the caller's own to each line ("top-1 82.4%"); it is called under the lock.
    Progress(
        Console& console, bool silent, std::string unit, std::size_t total,
        std::function<std::string()> note = [] { return std::string(); })
        : console_(console), silent_(silent), unit_(std::move(unit)), total_(total), note_(std::move(note)) {}

    /// Adds `count` to the work done. May be called from many threads.
    void advance(std::size_t count) {
        if (silent_) return;
        const std::lock_guard lock(mutex_);
        done_ += count;
        const auto now = Clock::now();
        const auto between =
            console_.error_is_terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
        if (done_ < total_ && now - shown_ < between) return;
        shown_ = now;
        show(std::chrono::duration<double>(now - start_).count());
    }

  private:
    using Clock = std::chrono::steady_clock;

    void show(double seconds) const {
        const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
        auto figures = fmt::format("{} of {} {}, {:.0f}/s", done_, total_, unit_, rate);
        if (const auto note = note_(); !note.empty()) figures += ", " + note;
        if (console_.error_is_terminal)
            console_.err << '\r' << bar() << ' ' << figures << "\033[K" << (done_ >= total_ ? "\n" : "") << std::flush;
        else console_.err << figures << std::endl;
    }

    std::string bar() const {
        constexpr std::size_t width = 30;
        const auto filled = total_ == 0 ? width : width * done_ / total_;
        return '[' + std::string(filled, '=') + std::string(width - filled, ' ') + ']';
    }

    Console& console_;
    bool silent_;
    std::string unit_;
    std::size_t total_, done_ = 0;
    std::function<std::string()> note_;
    Clock::time_point start_ = Clock::now(), shown_ = start_;
    std::mutex mutex_;
};

}  // namespace taxon::app
