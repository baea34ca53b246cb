#pragma once
#include <array>
#include <atomic>
#include <csignal>
#include <unistd.h>

namespace taxon::app {

/// Ctrl-C (SIGINT) and SIGTERM while this lives. Both end the process at once with exit code 128 + the signal's number,
/// until some work has said that it keeps its results: then the first only asks it to stop, and the second ends the
/// process. A signal that is ignored (nohup, a shell's background job), or that somebody handles already, is left so.
class StopSignals {
  public:
    StopSignals() {
        received_ = 0;
        keeping_ = false;
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (::sigaction(numbers[i], nullptr, &before_[i]) != 0 || (before_[i].sa_flags & SA_SIGINFO) != 0 ||
                before_[i].sa_handler != SIG_DFL)
                continue;
            struct ::sigaction ours {};
            ours.sa_handler = receive;
            ours.sa_flags = SA_RESTART;
            ours_[i] = ::sigaction(numbers[i], &ours, nullptr) == 0;
        }
    }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals() {
        for (std::size_t i = 0; i < numbers.size(); ++i)
            if (ours_[i]) ::sigaction(numbers[i], &before_[i], nullptr);
    }

    /// From now on the first signal only asks; to be called by work that looks at requested().
    static void keep_results() { keeping_ = true; }

    /// True once the first signal has come.
    static bool requested() { return received_ != 0; }

    /// 130 after Ctrl-C, 143 after SIGTERM, 0 without either.
    static int exit_code() { return requested() ? 128 + received_ : 0; }

  private:
    static constexpr std::array<int, 2> numbers{SIGINT, SIGTERM};

    /// Only what signal-safety(7) allows: lock-free atomics and _exit.
    static void receive(int signal) {
        int none = 0;
        if (!keeping_ || !received_.compare_exchange_strong(none, signal)) ::_exit(128 + signal);
    }

    static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);
    inline static std::atomic<int> received_{0};
    inline static std::atomic<bool> keeping_{false};
    std::array<struct ::sigaction, numbers.size()> before_{};
    std::array<bool, numbers.size()> ours_{};
};

}  // namespace taxon::app
