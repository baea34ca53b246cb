#include "fuzz/target.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace taxon::fuzz {

std::vector<Target> all_targets() {
    std::vector<Target> all = weight_targets();
    for (auto more : {picture_targets(), text_targets(), network_targets()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

std::filesystem::path file_of(std::span<const std::byte> bytes) {
    static const int file = memfd_create("fuzz", 0);
    const bool written =
        ftruncate(file, 0) == 0 && pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
    hold(written);
    return "/proc/self/fd/" + std::to_string(file);
}

}  // namespace taxon::fuzz
