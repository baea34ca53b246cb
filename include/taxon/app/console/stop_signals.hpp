#pragma once
#include <atomic>
#include <cstdlib>
#include <optional>
#include <taxon/system/signals.hpp>

namespace taxon::app {

/// Ctrl-C (SIGINT) and SIGTERM while this lives. Both end the process at once with exit code 128 + the signal's number,
/// until some work has said that it keeps its results: then the first only asks it to stop, and the second ends the
/// process. system::StopHandler says which signals are left alone, and what Windows has instead.
class StopSignals {
  public:
    StopSignals() {
        received_ = 0;
        keeping_ = false;
        handler_.emplace(receive);
    }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// From now on the first signal only asks; to be called by work that looks at requested().
    static void keep_results() { keeping_ = true; }

    /// True once the first signal has come.
    static bool requested() { return received_ != 0; }

    /// 130 after Ctrl-C, 143 after SIGTERM, 0 without either.
    static int exit_code() { return requested() ? 128 + received_ : 0; }

  private:
    /// Only what signal-safety(7) allows: lock-free atomics and _Exit.
    static void receive(int signal) {
        int none = 0;
        if (!keeping_ || !received_.compare_exchange_strong(none, signal)) std::_Exit(128 + signal);
    }

    static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);
    inline static std::atomic<int> received_{0};
    inline static std::atomic<bool> keeping_{false};
    std::optional<system::StopHandler> handler_;
};

}  // namespace taxon::app
