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
    const auto size = static_cast<off_t>(bytes.size());
    const bool written = ftruncate(file, size) == 0 && pwrite(file, bytes.data(), bytes.size(), 0) == size;
    hold(written);
    return "/proc/self/fd/" + std::to_string(file);
}

}  // namespace taxon::fuzz
