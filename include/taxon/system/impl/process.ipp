#pragma once
#include <system_error>
#if defined(_WIN32)
#include <taxon/system/impl/kernel32.ipp>
#else
#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace taxon::system {

#if defined(_WIN32)

TAXON_DECL std::uint64_t process_id() { return kernel32::process_id(); }

TAXON_DECL std::filesystem::path program_path() {
    std::wstring name(32768, L'\0');  // the longest that there are
    name.resize(kernel32::module_file_name(nullptr, name.data(), static_cast<kernel32::Dword>(name.size())));
    return name;
}

/// The line itself: main's arguments are in the system's code page, and names with '*' are expanded.
TAXON_DECL std::vector<std::string> arguments(int, const char* const*) {
    int count = 0;
    wchar_t** const words = kernel32::split_command_line(kernel32::command_line(), &count);
    std::vector<std::string> texts;
    for (int i = 0; i < count; ++i) texts.push_back(std::filesystem::path(words[i]).string());
    kernel32::local_free(words);
    return texts;
}

TAXON_DECL std::string host_name() {
    constexpr int of_dns = 1;
    wchar_t name[256] = {};
    kernel32::Dword size = 256;
    return kernel32::computer_name(of_dns, name, &size) != 0 ? std::filesystem::path(name).string() : "";
}

TAXON_DECL ProcessUse process_use() {
    std::uint64_t created = 0, ended = 0, kernel = 0, user = 0;  // of 100 ns
    struct {
        kernel32::Dword size = sizeof *this, faults = 0;
        std::uint64_t peak = 0, resident = 0, others[6] = {};
    } memory;  // PROCESS_MEMORY_COUNTERS
    kernel32::process_times(kernel32::current_process(), &created, &ended, &kernel, &user);
    kernel32::process_memory(kernel32::current_process(), &memory, sizeof memory);
    return {static_cast<double>(kernel + user) * 1e-7, static_cast<std::int64_t>(memory.peak), 0};
}

TAXON_DECL bool reset_peak_memory() { return false; }

TAXON_DECL void ignore_file_size_signal() {}

#else

TAXON_DECL std::uint64_t process_id() { return static_cast<std::uint64_t>(::getpid()); }

TAXON_DECL std::filesystem::path program_path() {
    std::error_code elsewhere;
    return std::filesystem::read_symlink("/proc/self/exe", elsewhere);  // of Linux
}

TAXON_DECL std::vector<std::string> arguments(int count, const char* const* given) { return {given, given + count}; }

TAXON_DECL std::string host_name() {
    char name[256] = {};
    return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

TAXON_DECL ProcessUse process_use() {
    ::rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds_of = [](const ::timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return {seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), static_cast<std::int64_t>(usage.ru_maxrss) * 1024,
            usage.ru_nivcsw};
}

TAXON_DECL bool reset_peak_memory() {
    std::ofstream file("/proc/self/clear_refs");
    return static_cast<bool>(file << "5" << std::flush);
}

TAXON_DECL void ignore_file_size_signal() { std::signal(SIGXFSZ, SIG_IGN); }

#endif

}  // namespace taxon::system
