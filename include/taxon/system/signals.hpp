#pragma once
#include <array>
#include <taxon/core/separate_compilation.hpp>
#if !defined(_WIN32)
#include <csignal>
#endif

namespace taxon::system {

/// While this lives, Ctrl-C and a request to end call `receive(number)`, which may only do what signal-safety(7)
/// allows. The numbers are POSIX's everywhere: 2, SIGINT, for Ctrl-C; 15, SIGTERM, for the other: of Windows that are
/// Ctrl-Break, and a console that is closed. A signal that is ignored (nohup, a shell's background job), or that
/// somebody handles already, is left so. One at a time.
class StopHandler {
  public:
    using Receive = void (*)(int number);

    explicit StopHandler(Receive receive);
    StopHandler(const StopHandler&) = delete;
    StopHandler& operator=(const StopHandler&) = delete;
    ~StopHandler();

#if !defined(_WIN32)
  private:
    std::array<struct ::sigaction, 2> before_{};
    std::array<bool, 2> ours_{};
#endif
};

/// Calls `see`, which has to end the process, where a mapped file has been cut short by another process, unless
/// somebody handles SIGBUS already. Windows lets nobody cut it.
void on_lost_page(void (*see)());

}  // namespace taxon::system

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/system/impl/signals.ipp>
#endif
