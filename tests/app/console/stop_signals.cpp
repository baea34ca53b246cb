#include <taxon/app/console/progress.hpp>

#include "app/program.hpp"
#include "catch.hpp"

#include <sstream>
#include <sys/wait.h>

using namespace taxon::app;

namespace {

/// The exit code of a child process that does work(), or 128 + the number of the signal that ended it.
template <class Work>
int child(Work work) {
    const pid_t process = fork();
    if (process == 0) {
        for (const int number : {SIGINT, SIGTERM}) std::signal(number, SIG_DFL);
        _exit(work());
    }
    int status = 0;
    waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status) + 1000;
}

}  // namespace

TEST_CASE("a signal ends a process that has nothing to keep, with its exit code") {
    for (const int number : {SIGINT, SIGTERM})
        CHECK(child([&] {
                  const StopSignals signals;
                  std::raise(number);
                  return 0;
              }) == 128 + number);
}

TEST_CASE("the first signal requests a stop of long work, the second ends the process") {
    const auto long_work = [](int signals_sent) {
        return child([&] {
            const StopSignals signals;
            std::ostringstream out, err;
            Console console{out, err};
            Progress progress(console, true, "pictures", 10);
            progress.advance(1);
            if (progress.stop().stop_requested() || StopSignals::requested()) return 1;
            for (int i = 0; i < signals_sent; ++i) std::raise(SIGTERM);
            progress.advance(1);
            return progress.stop().stop_requested() ? 50 + StopSignals::exit_code() - 128 : 2;
        });
    };
    CHECK(long_work(0) == 2);
    CHECK(long_work(1) == 50 + SIGTERM);
    CHECK(long_work(2) == 143);
}

TEST_CASE("handlers are restored, and those of others are left") {
    CHECK(child([] {
              {
                  const StopSignals signals;
                  StopSignals::keep_results();
              }
              std::raise(SIGINT);
              return 0;
          }) == 1128 + SIGINT);
    CHECK(child([] {
              std::signal(SIGTERM, SIG_IGN);
              const StopSignals signals;
              std::raise(SIGTERM);
              return 7;
          }) == 7);
}
