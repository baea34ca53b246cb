#include <taxon/model.hpp>

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <limits>
#include <mutex>
#include <taxon/io/synthetic_weights.hpp>

#include "catch.hpp"
#include "networks.hpp"
#include "own_allocator.hpp"

using namespace taxon;

#if OWN_ALLOCATOR && defined(__GLIBC__)  // other libraries have no names for the functions that ours call

namespace {

/// Of all threads, by whatever means, since the program began.
std::atomic<long> allocations{0}, locks{0};

}  // namespace

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) noexcept { return ++allocations, __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) noexcept { return ++allocations, __libc_calloc(count, size); }
void* realloc(void* memory, std::size_t size) noexcept { return ++allocations, __libc_realloc(memory, size); }
void* memalign(std::size_t alignment, std::size_t size) noexcept {
    return ++allocations, __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept { return memalign(alignment, size); }
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
    *memory = memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}
}

extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    using Lock = int (*)(pthread_mutex_t*);
    static std::atomic<Lock> next{nullptr};
    if (next == nullptr) next = reinterpret_cast<Lock>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
    return ++locks, next.load()(mutex);
}

namespace {

/// Wide enough that two threads share its convolutions, and small enough for many runs.
struct Wide
    : Sequential<Conv2d<3, 16, 3, 2>, BatchNorm2d<16>, HardSwish,
                 Residual<Sequential<Conv2d<16, 24, 3>, SiLU, Conv2d<24, 16, 1>>>, GlobalAveragePool, Linear<16, 10>> {
    static constexpr Shape input{3, 64, 64};
};

/// Every part on the caller's thread.
struct Serial : cpu::Executor {
    int size() const override { return 3; }
    void run(int parts, void (*work)(void* context, int part), void* context) override {
        for (int part = 0; part < parts; ++part) work(context, part);
    }
};

/// A model with room for the outputs of three samples.
template <class A>
class Bound {
  public:
    using M = Model<A, shape::Mutable<1, 3>>;

    explicit Bound(cpu::Options options) : model_(M::load(io::SyntheticWeights(), options)) {}

    void run(std::size_t batch) {
        model_(std::span(samples_).first(batch * in), std::span(outputs_).first(batch * out), workspace_);
    }

  private:
    static constexpr std::size_t in = static_cast<std::size_t>(M::input_shape.size()),
                                 out = static_cast<std::size_t>(M::output_shape.size());
    M model_;
    std::vector<float> samples_ = io::synthetic_input("", "input", 3 * in), outputs_ = std::vector<float>(3 * out);
    typename M::Workspace workspace_;
};

template <class A>
void check_no_allocation_or_lock(const cpu::Options& options) {
    Bound<A> bound(options);
    bound.run(3);  // the workspace, and the pool's threads
    const long before = allocations, locked = locks;
    for (int run = 0; run < 20; ++run)
        for (std::size_t batch = 1; batch <= 3; ++batch) bound.run(batch);
    CHECK(allocations == before);
    CHECK(locks == locked);
}

/// Bytes of the process in memory, and of its heaps in use.
struct Footprint {
    long resident, used;

    static Footprint now() {
        const auto heaps = mallinfo2();
        const long used = static_cast<long>(heaps.uordblks + heaps.hblkhd);
        std::ifstream status("/proc/self/status");  // "VmRSS:     1234 kB"
        for (std::string word; status >> word;)
            if (long kilobytes = 0; word == "VmRSS:" && status >> kilobytes) return {1024 * kilobytes, used};
        FAIL("no VmRSS in /proc/self/status");
        return {};
    }
};

/// `runs` runs, or as many as the time allows: on two threads a run may wait for a processor that others have.
void check_footprint(int threads, int runs, std::chrono::milliseconds time) {
    Bound<networks::Gates> bound({.threads = threads});
    for (int run = 0; run < 100; ++run) bound.run(1 + static_cast<std::size_t>(run) % 3);
    Footprint::now();
    long least_growth = std::numeric_limits<long>::max();
    for (int round = 0; round < 3; ++round) {  // the system may have moved pages in one of them
        const Footprint before = Footprint::now();
        const auto end = std::chrono::steady_clock::now() + time / 3;
        for (int run = 0; run < runs / 3 && std::chrono::steady_clock::now() < end; ++run) bound.run(1);
        for (int run = 0; run < 100; ++run) bound.run(3);
        const Footprint after = Footprint::now();
        CHECK(after.used == before.used);
        least_growth = std::min(least_growth, after.resident - before.resident);
    }
    CHECK(least_growth < 128 * 1024);  // 4 bytes a run
}

}  // namespace

TEST_CASE("runs allocate and lock nothing on any thread once the workspace is there") {
    const long before = allocations, locked = locks;
    ::operator delete(::operator new(1));  // called by name, so that no compiler leaves it out
    std::mutex mutex;
    std::lock_guard{mutex};
    REQUIRE((allocations > before && locks > locked));  // else the counters count nothing
    for (const int threads : {1, 2, 0}) {
        check_no_allocation_or_lock<Wide>({.threads = threads});
        check_no_allocation_or_lock<networks::Gates>({.threads = threads});
    }
    Serial serial;
    check_no_allocation_or_lock<Wide>({.executor = &serial});
}

TEST_CASE("a hundred thousand runs leave the process's memory as it was") {
    check_footprint(1, 100'000, std::chrono::minutes(1));
    check_footprint(2, 100'000, std::chrono::seconds(2));
}

#endif
