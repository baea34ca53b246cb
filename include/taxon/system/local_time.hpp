#pragma once
#include <ctime>
#include <string>

namespace taxon::system {

/// A moment by this machine's clock, as ISO 8601 has it: "2026-11-30T00:20:00+0100". No call is alike everywhere: POSIX
/// has localtime_r, and Windows writes the zone's name for strftime's %z.
inline std::string local_time(std::time_t moment) {
    std::tm local{};
#if defined(_WIN32)
    localtime_s(&local, &moment);
    std::tm as_if_there = local;
    const auto ahead = static_cast<int>((_mkgmtime(&as_if_there) - moment) / 60);
#else
    localtime_r(&moment, &local);
    const auto ahead = static_cast<int>(local.tm_gmtoff / 60);
#endif
    char text[40];
    std::string line(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &local));
    const int minutes = ahead < 0 ? -ahead : ahead;
    line += ahead < 0 ? '-' : '+';
    for (const int digit : {minutes / 600, minutes / 60 % 10, minutes % 60 / 10, minutes % 10})
        line += static_cast<char>('0' + digit);
    return line;
}

}  // namespace taxon::system
