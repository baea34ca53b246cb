// Lets a program see a processor without AVX-512, AVX-VNNI and AMX, so that what a peer picks on a processor of AVX2
// alone can be measured on a larger one of Intel's. Linux, x86-64:
//
//     g++ -std=c++20 -O1 -shared -fPIC benchmarks/avx2_processor.cpp -o avx2_processor.so
//     LD_PRELOAD=./avx2_processor.so program
//
// CPUID faults where arch_prctl(ARCH_SET_CPUID) says so (Intel since Ivy Bridge; Linux 4.12), and the handler of the
// fault answers without those features. Threads inherit this; a program that is started loads this library again.
#include <cpuid.h>
#include <csignal>
#include <cstdint>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

namespace {

constexpr std::uint32_t bits(auto... numbers) { return (0u | ... | (1u << numbers)); }

/// An instruction of its own, since syscall() may lie in a library that is not relocated yet.
long allow_cpuid(long allowed) {
    constexpr long set_cpuid = 0x1012;  // ARCH_SET_CPUID of asm/prctl.h
    long result = SYS_arch_prctl;
    asm volatile("syscall" : "+a"(result) : "D"(set_cpuid), "S"(allowed) : "rcx", "r11", "memory");
    return result;
}

/// CPUID's registers without AVX-512, AVX-VNNI and AMX: Intel's manual, volume 2, CPUID, leaves 7, 0Dh, 1Dh and 1Eh.
void answer(greg_t* registers) {
    const auto leaf = static_cast<std::uint32_t>(registers[REG_RAX]),
               part = static_cast<std::uint32_t>(registers[REG_RCX]);
    std::uint32_t a = 0, b = 0, c = 0, d = 0;
    allow_cpuid(1);
    __cpuid_count(leaf, part, a, b, c, d);
    allow_cpuid(0);
    if (leaf == 7 && part == 0) {
        b &= ~bits(16, 17, 21, 26, 27, 28, 30, 31);  // F, DQ, IFMA, PF, ER, CD, BW, VL
        c &= ~bits(1, 6, 11, 12, 14);                // VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ
        d &= ~bits(2, 3, 8, 22, 23, 24, 25);         // 4VNNIW, 4FMAPS, VP2INTERSECT, AMX-BF16, FP16, AMX-TILE, AMX-INT8
    } else if (leaf == 7 && part == 1) {
        a &= ~bits(4, 5, 21, 23);  // AVX-VNNI, AVX512-BF16, AMX-FP16, AVX-IFMA
        d = 0;                     // AVX-VNNI-INT8 and others
    } else if (leaf == 0x0d && part == 0) {
        a &= ~bits(5, 6, 7, 17, 18);  // states of AVX-512 and AMX
    } else if (leaf == 0x1d || leaf == 0x1e || leaf == 0x24) {
        a = b = c = d = 0;
    }
    registers[REG_RAX] = a, registers[REG_RBX] = b, registers[REG_RCX] = c, registers[REG_RDX] = d;
}

void on_fault(int signal, siginfo_t* information, void* context) {
    greg_t* const registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    const auto* instruction = reinterpret_cast<const unsigned char*>(registers[REG_RIP]);
    if (information->si_code > 0 && instruction[0] == 0x0f && instruction[1] == 0xa2) {
        answer(registers);
        registers[REG_RIP] += 2;
    } else {
        std::signal(signal, SIG_DFL);  // any other fault comes again, and ends the program
    }
}

[[gnu::constructor]] void begin() {
    struct sigaction action {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGSEGV, &action, nullptr);
    if (allow_cpuid(0) == 0) return;
    constexpr char problem[] = "avx2_processor: this processor or kernel cannot let CPUID fault\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, problem, sizeof problem - 1);
    _exit(2);
}

}  // namespace
