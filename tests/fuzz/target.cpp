#include "fuzz/target.hpp"

#include <cstdlib>
#include <unistd.h>

namespace taxon::fuzz {
namespace {

/// A file in memory that goes with the process. In /proc, where memfd_create has its files, a name takes twice as long
/// to look up, which is a tenth of the time of refusing a small file.
class MemoryFile {
  public:
    MemoryFile() : path_("/dev/shm/taxon_fuzz_XXXXXX"), file_(::mkstemp(path_.data())) { hold(file_ >= 0); }
    ~MemoryFile() { ::unlink(path_.c_str()); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    const std::string& path() const { return path_; }
    void write(std::span<const std::byte> bytes) {
        const auto size = static_cast<::off_t>(bytes.size());
        hold(::ftruncate(file_, size) == 0 && ::pwrite(file_, bytes.data(), bytes.size(), 0) == size);
    }

  private:
    std::string path_;
    int file_;
};

}  // namespace

std::filesystem::path file_of(std::span<const std::byte> bytes) {
    static MemoryFile file;
    file.write(bytes);
    return file.path();
}

}  // namespace taxon::fuzz
