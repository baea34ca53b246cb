// The write path of AtomicFile under a tracer: each of its system calls fails once, in each way, or is the last one.
#include <taxon/io/atomic_file.hpp>

#if defined(__x86_64__)  // its registers are named below

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <vector>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;

namespace {

const std::string old_text = "old", parts[] = {"new, ", "in ", "three"}, new_text = parts[0] + parts[1] + parts[2];

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_new(const std::filesystem::path& path) {
    io::AtomicFile file(path);
    for (const std::string& part : parts) file.write(as_span(part));
    file.commit();
}

/// A system call on files, and its result.
struct Call {
    long number, first, second, third;  ///< the arguments
    long result = 0;
};

enum class Harm { none, error, short_write, death_before, death_after };

struct Run {
    std::vector<Call> calls;
    std::optional<int> code;  ///< 0 written, 3 Error; none if it was killed
};

bool is_of_files(long number) {
    static constexpr std::array numbers{
        SYS_open,      SYS_openat,     SYS_close,     SYS_stat,     SYS_fstat,      SYS_lstat,    SYS_newfstatat,
        SYS_statx,     SYS_access,     SYS_faccessat, SYS_readlink, SYS_write,      SYS_fsync,    SYS_rename,
        SYS_renameat,  SYS_flock,      SYS_unlink,    SYS_unlinkat, SYS_fchmod,     SYS_fchown,   SYS_getrlimit,
        SYS_prlimit64, SYS_getdents64, SYS_fcntl,     SYS_lseek,    SYS_readlinkat, SYS_renameat2};
    return std::ranges::find(numbers, number) != numbers.end();
}

Run killed(pid_t child, Run run) {
    kill(child, SIGKILL);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return run;
}

/// Some containers forbid it.
bool can_trace() {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) _exit(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : 1);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    const bool can = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!can) WARN("skipped: no process can be traced here");
    if (!can) SUCCEED();
    return can;
}

/// Writes the file in a traced child; harm comes to its call `at`. `error`: errno, for Harm::error.
Run run_with(const std::filesystem::path& path, Harm harm = Harm::none, std::size_t at = 0, int error = 0) {
    constexpr long mark = SYS_getppid;
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        raise(SIGSTOP);
        syscall(mark);
        int code = 0;
        try {
            write_new(path);
        } catch (const Error&) { code = 3; } catch (...) {
            code = 99;
        }
        syscall(mark);
        _exit(code);
    }
    Run run;
    int status = 0, marks = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSTOPPED(status));
    REQUIRE(ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) == 0);
    bool fails = false, counts = false;
    for (bool enters = true;; enters = !enters) {
        REQUIRE(ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) == 0);
        REQUIRE(waitpid(child, &status, 0) == child);
        if (!WIFSTOPPED(status)) break;
        if (WSTOPSIG(status) != (SIGTRAP | 0x80)) FAIL("the child got signal " << WSTOPSIG(status));
        user_regs_struct registers{};
        REQUIRE(ptrace(PTRACE_GETREGS, child, nullptr, &registers) == 0);
        const auto number = [](unsigned long long value) { return static_cast<long>(value); };
        if (enters) {
            if (number(registers.orig_rax) == mark) ++marks;
            counts = marks == 1 && is_of_files(number(registers.orig_rax));
            if (!counts) continue;
            run.calls.push_back(
                {number(registers.orig_rax), number(registers.rdi), number(registers.rsi), number(registers.rdx)});
            if (run.calls.size() - 1 != at) continue;
            if (harm == Harm::death_before) return killed(child, std::move(run));
            if (harm == Harm::short_write && run.calls.back().number == SYS_write) registers.rdx = 1;
            if (harm == Harm::error) fails = true, registers.orig_rax = ~0ull;  // no call: nothing is done
            ptrace(PTRACE_SETREGS, child, nullptr, &registers);
        } else if (counts) {
            if (std::exchange(fails, false)) {
                registers.rax = static_cast<unsigned long long>(-error);
                ptrace(PTRACE_SETREGS, child, nullptr, &registers);
            }
            run.calls.back().result = number(registers.rax);
            if (harm == Harm::death_after && run.calls.size() - 1 == at) return killed(child, std::move(run));
        }
    }
    if (WIFEXITED(status)) run.code = WEXITSTATUS(status);
    return run;
}

/// A folder with an old file in it, which no AtomicFile of this process has looked at.
struct Old : ScratchFolder {
    std::filesystem::path path = write("x", old_text);
    explicit Old(std::string_view name) : ScratchFolder(name) { chmod(path.c_str(), 0640); }

    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(ScratchFolder::path()), {}));
    }
    bool is_whole() const {
        struct ::stat facts {};
        const std::string text = text_of(path);
        return (text == old_text || text == new_text) && ::stat(path.c_str(), &facts) == 0 &&
               (facts.st_mode & 07777) == 0640;
    }
};

/// The disk as the calls leave it: what is not synced may be lost, or kept in part.
class Disk {
  public:
    void see(const Call& call) {
        if (call.result < 0) return;
        if (call.number == SYS_openat && (call.third & O_CREAT) != 0) part_ = call.result;
        if (call.number == SYS_openat && (call.third & O_DIRECTORY) != 0) folder_ = call.result;
        if (call.number == SYS_write && call.first == part_) written_ += static_cast<std::size_t>(call.result);
        if (call.number == SYS_fsync && call.first == part_) synced_ = written_;
        if (call.number == SYS_fsync && call.first == folder_) durable_ = renamed_;
        if (call.number == SYS_rename) renamed_ = true;
    }
    bool durable() const { return durable_; }

    /// What a crash may leave under the file's name.
    std::vector<std::string> after_crash() const {
        std::vector<std::string> texts;
        if (!durable_) texts.push_back(old_text);
        for (std::size_t size = synced_; renamed_ && size <= written_; ++size)
            texts.push_back(new_text.substr(0, size));
        return texts;
    }

  private:
    long part_ = -1, folder_ = -1;
    std::size_t written_ = 0, synced_ = 0;
    bool renamed_ = false, durable_ = false;
};

}  // namespace

TEST_CASE("A20: whichever system call of a write fails, the file is the old or the new one, with its mode") {
    if (!can_trace()) return;
    const std::size_t count = run_with(Old("faults").path).calls.size();
    REQUIRE(count > 10);
    for (const int error : {ENOSPC, EIO, EACCES, EINTR})
        for (std::size_t at = 0; at < count; ++at) {
            const Old folder("faults");
            const Run run = run_with(folder.path, Harm::error, at, error);
            const long number = run.calls[at].number;
            INFO("call " << at << ", number " << number << ", fails with error " << error);
            REQUIRE(run.code);
            CHECK((run.code == 0 || run.code == 3));
            CHECK(folder.is_whole());
            if (run.code == 0) CHECK(text_of(folder.path) == new_text);
            CHECK(folder.files() == 1);
            const bool is_essential = number == SYS_write || number == SYS_fsync || number == SYS_rename;
            if (is_essential) CHECK((run.code == 0) == (error == EINTR && number != SYS_rename));
        }
}

TEST_CASE("A20: a write that the system cuts short is finished") {
    if (!can_trace()) return;
    const std::size_t count = run_with(Old("short").path).calls.size();
    for (std::size_t at = 0; at < count; ++at) {
        const Old folder("short");
        CHECK(run_with(folder.path, Harm::short_write, at).code == 0);
        CHECK(text_of(folder.path) == new_text);
    }
}

TEST_CASE(
    "A20: killed before or after any system call, a writer leaves the old or the new file, and the next one tidies") {
    if (!can_trace()) return;
    const std::size_t count = run_with(Old("killed").path).calls.size();
    for (const Harm harm : {Harm::death_before, Harm::death_after})
        for (std::size_t at = 0; at < count; ++at) {
            const Old folder("killed");
            INFO((harm == Harm::death_before ? "before" : "after") << " call " << at);
            CHECK_FALSE(run_with(folder.path, harm, at).code);
            CHECK(folder.is_whole());
            CHECK(run_with(folder.path).code == 0);
            CHECK(text_of(folder.path) == new_text);
            CHECK(folder.files() == 1);
        }
}

TEST_CASE("A20: at no time would a crash of the system leave anything but the old or the new file") {
    if (!can_trace()) return;
    Disk disk;
    for (const Call& call : run_with(Old("crash").path).calls) {
        disk.see(call);
        for (const std::string& text : disk.after_crash()) CHECK((text == old_text || text == new_text));
    }
    CHECK(disk.durable());
}

#endif
