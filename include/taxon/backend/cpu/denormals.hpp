#pragma once
#include <cstdint>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace taxon::cpu {

/// Flushes denormals (below 1.2e-38) to zero on this thread during its lifetime: they cost a hundred cycles each on
/// many processors, and no network needs them.
class DenormalsAreZero {
  public:
#if defined(__x86_64__) || defined(__aarch64__)
    DenormalsAreZero() : before_(read()) { write(before_ | flush); }
    ~DenormalsAreZero() { write(before_); }
    DenormalsAreZero(const DenormalsAreZero&) = delete;
    DenormalsAreZero& operator=(const DenormalsAreZero&) = delete;

  private:
#if defined(__x86_64__)
    using Register = unsigned;
    static constexpr Register flush = 0x8040;  // of results and of operands
    static Register read() { return _mm_getcsr(); }
    static void write(Register bits) { _mm_setcsr(bits); }
#else
    using Register = std::uint64_t;
    static constexpr Register flush = 1u << 24;  // FPCR.FZ: of both, but for halves
    static Register read() {
        Register bits;
        __asm__ volatile("mrs %0, fpcr" : "=r"(bits));
        return bits;
    }
    static void write(Register bits) { __asm__ volatile("msr fpcr, %0" : : "r"(bits) : "memory"); }
#endif
    Register before_;
#endif
};

}  // namespace taxon::cpu
