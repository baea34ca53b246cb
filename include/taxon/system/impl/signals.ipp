#pragma once
#include <atomic>
#if defined(_WIN32)
#include <taxon/system/impl/kernel32.ipp>
#endif

namespace taxon::system {

namespace detail {

#if defined(_WIN32)

inline std::atomic<StopHandler::Receive> stop_receiver{nullptr};

/// Called on a thread of its own.
inline int receive_console_event(kernel32::Dword event) {
    constexpr kernel32::Dword ctrl_c = 0;
    if (const auto receive = stop_receiver.load()) receive(event == ctrl_c ? 2 : 15);
    return 1;
}

#else

inline constexpr std::array<int, 2> stop_signals{SIGINT, SIGTERM};
static_assert(SIGINT == 2 && SIGTERM == 15);

inline bool is_default(const struct ::sigaction& action) {
    return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
}

#endif

}  // namespace detail

#if defined(_WIN32)

TAXON_DECL StopHandler::StopHandler(Receive receive) {
    detail::stop_receiver = receive;
    kernel32::set_console_handler(detail::receive_console_event, 1);
}

TAXON_DECL StopHandler::~StopHandler() {
    kernel32::set_console_handler(detail::receive_console_event, 0);
    detail::stop_receiver = nullptr;
}

TAXON_DECL void on_lost_page(void (*)()) {}

#else

TAXON_DECL StopHandler::StopHandler(Receive receive) {
    for (std::size_t i = 0; i < ours_.size(); ++i) {
        const int number = detail::stop_signals[i];
        if (::sigaction(number, nullptr, &before_[i]) != 0 || !detail::is_default(before_[i])) continue;
        struct ::sigaction ours {};
        ours.sa_handler = receive;
        ours.sa_flags = SA_RESTART;
        ours_[i] = ::sigaction(number, &ours, nullptr) == 0;
    }
}

TAXON_DECL StopHandler::~StopHandler() {
    for (std::size_t i = 0; i < ours_.size(); ++i)
        if (ours_[i]) ::sigaction(detail::stop_signals[i], &before_[i], nullptr);
}

TAXON_DECL void on_lost_page(void (*see)()) {
    static std::atomic<void (*)()> handler{nullptr};
    struct ::sigaction present {};
    if (::sigaction(SIGBUS, nullptr, &present) != 0 || !detail::is_default(present)) return;
    handler = see;
    struct ::sigaction ours {};
    ours.sa_handler = [](int) { handler.load()(); };
    ::sigaction(SIGBUS, &ours, nullptr);
}

#endif

}  // namespace taxon::system
