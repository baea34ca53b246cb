// The fuzzing programs, one for each kind of targets (TAXON_FUZZ_TARGETS), for libFuzzer:
//
//     PROGRAM --target=NAME [libFuzzer's options] [CORPUS…]   fuzzes a target
//     PROGRAM --list                                          prints the targets' names
//     PROGRAM --write-seeds=FOLDER                            writes FOLDER/NAME/… and FOLDER/NAME.dict for each
#include <sanitizer/allocator_interface.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <taxon/core/error.hpp>

#include "fuzz/target.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace taxon::fuzz {

namespace {

const std::vector<Target>& program_targets() {
    static const std::vector<Target> all = TAXON_FUZZ_TARGETS();
    return all;
}

const Target* chosen = nullptr;

// Memory that is allocated now, and at most since the last input began.
std::size_t live_bytes = 0, peak_bytes = 0;

void count_allocation(const volatile void*, std::size_t size) {
    live_bytes += size;
    peak_bytes = std::max(peak_bytes, live_bytes);
}
void count_release(const volatile void* memory) {
    if (memory == nullptr) return;
    live_bytes -= std::min(live_bytes, __sanitizer_get_allocated_size(const_cast<const void*>(memory)));
}

void write_seeds(const std::filesystem::path& folder) {
    for (const Target& target : program_targets()) {
        std::filesystem::create_directories(folder / target.name);
        int number = 0;
        for (const std::string& seed : target.seeds())
            std::ofstream(folder / target.name / std::to_string(number++), std::ios::binary) << seed;
        std::ofstream dictionary(folder / (std::string(target.name) + ".dict"));
        for (const std::string& word : target.words) {
            dictionary << '"';
            for (const char c : word) {
                char spelt[5];
                std::snprintf(spelt, sizeof spelt, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
                dictionary << spelt;
            }
            dictionary << "\"\n";
        }
    }
}

}  // namespace
}  // namespace taxon::fuzz

using namespace taxon::fuzz;

/// Inputs are small, and so is what AddressSanitizer keeps of the memory that they release: 1 MB stays in the
/// processor's cache, its usual 256 do not. Where memory was allocated is of interest once something is found; then set
/// ASAN_OPTIONS=malloc_context_size=30, which overrides these options.
extern "C" const char* __asan_default_options() {
    return "quarantine_size_mb=1:thread_local_quarantine_size_kb=64:malloc_context_size=0:max_malloc_fill_size=64";
}

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    const std::vector<Target>& all = program_targets();
    for (int i = 1; i < *count; ++i) {
        const std::string_view argument = (*arguments)[i];
        if (argument == "--list") {
            for (const Target& target : all) std::printf("%s\n", std::string(target.name).c_str());
            std::exit(0);
        }
        if (argument.starts_with("--write-seeds=")) {
            write_seeds(argument.substr(std::strlen("--write-seeds=")));
            std::exit(0);
        }
        for (const Target& target : all)
            if (argument == "--target=" + std::string(target.name)) chosen = &target;
    }
    if (chosen == nullptr) {
        std::fprintf(stderr, "wanted --target=NAME; --list prints the names\n");
        std::exit(2);
    }
    __sanitizer_install_malloc_and_free_hooks(count_allocation, count_release);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    std::size_t pixels = 0;
    const std::size_t before = live_bytes;
    peak_bytes = live_bytes;
    try {
        pixels = chosen->read(bytes);
    } catch (const taxon::Error& error) {
        if (std::strlen(error.what()) > 1000) std::abort();  // an error is a line
    }
    const std::size_t allowed = (std::size_t{64} << 20) + 2 * size + 4 * pixels;
    if (peak_bytes - before > allowed) {
        std::fprintf(stderr, "%zu bytes of memory for an input of %zu bytes\n", peak_bytes - before, size);
        std::abort();
    }
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
    size = LLVMFuzzerMutate(data, size, most);
    const bool mends = chosen->mend != nullptr && std::minstd_rand(seed)() % 8 != 0;
    if (!mends) return size;
    std::string bytes(reinterpret_cast<const char*>(data), size);
    chosen->mend(bytes);
    if (bytes.size() > most) return size;
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(data));
    return bytes.size();
}
