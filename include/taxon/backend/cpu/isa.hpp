#pragma once
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <taxon/backend/cpu/instruction_sets.hpp>
#include <taxon/core/error.hpp>
#include <taxon/policy/precision.hpp>
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace taxon::cpu {

/// The instruction sets with kernels, in one binary. Later ones are faster.
enum class Isa : unsigned char { portable, avx2, avx512, amx };

inline constexpr std::array all_isas{Isa::portable, Isa::avx2, Isa::avx512, Isa::amx};
inline constexpr std::array<std::string_view, all_isas.size()> isa_names{"portable", "avx2", "avx512", "amx"};
constexpr std::string_view name_of(Isa isa) { return isa_names[static_cast<std::size_t>(isa)]; }

/// The sets that this program has kernels for, a bit for each Isa: see TAXON_INSTRUCTION_SETS.
inline constexpr unsigned compiled_sets = TAXON_COMPILED_SETS;
constexpr bool is_compiled(Isa isa, unsigned sets = compiled_sets) { return (sets >> static_cast<int>(isa) & 1) != 0; }

/// True for number types that matrix tiles multiply: bytes or bfloat16.
constexpr bool suits_amx(DataTypes data_types) {
    return data_types.values == Element::uint8 || data_types.values == Element::bfloat16;
}

/// True if this processor has matrix tiles and the system lets this process use them. That has to be requested once
/// (Linux 5.16), for good: from then on signals save 8 KB more, so alternate signal stacks must have room for them
/// (getauxval(AT_MINSIGSTKSZ)). The system refuses if a smaller one is set; then tiles are not used.
inline bool may_use_amx() {
#if defined(__x86_64__) && defined(__linux__)
    static const bool may = [] {
        unsigned a = 0, b = 0, c = 0, d = 0;
        constexpr unsigned tiles = 1u << 24, int8 = 1u << 25, bfloat = 1u << 22, wanted = tiles | int8 | bfloat;
        constexpr long request = 0x1023, tile_data = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
        return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d & wanted) == wanted &&
               ::syscall(SYS_arch_prctl, request, tile_data) == 0;
    }();
    return may;
#else
    return false;
#endif
}

/// True if this processor has F16C, for which clang 14's builtin has no name.
inline bool converts_halves() {
#if defined(__x86_64__)
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & 1u << 29);
#else
    return false;
#endif
}

/// True if this processor and operating system run the set with these number types. AVX-512 needs instructions that
/// multiply pairs of bfloat16 (AVX512_BF16) or groups of integers (AVX512_VNNI) for these, which its first processors
/// lack; they use AVX2.
inline bool processor_has([[maybe_unused]] Isa isa, [[maybe_unused]] DataTypes data_types = {}) {
#if defined(__x86_64__)
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                      __builtin_cpu_supports("bmi2") && converts_halves();
    if (isa == Isa::amx)
        return suits_amx(data_types) && processor_has(Isa::avx512, data_types) &&
               __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vnni") && may_use_amx();
    if (isa == Isa::avx512 && data_types.values == Element::bfloat16 && !__builtin_cpu_supports("avx512bf16"))
        return false;
    if (isa == Isa::avx512 && data_types.quantized() && !__builtin_cpu_supports("avx512vnni")) return false;
    if (isa == Isa::avx512)
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
    if (isa == Isa::avx2) return avx2;
#endif
    return isa == Isa::portable;
}

/// The same for a set that this program was compiled for.
inline bool supported(Isa isa, DataTypes data_types = {}) { return is_compiled(isa) && processor_has(isa, data_types); }

inline Isa best_isa(DataTypes data_types = {}) {
    Isa best = Isa::portable;
    for (const Isa isa : all_isas)
        if (supported(isa, data_types)) best = isa;
    return best;
}

/// "portable, avx2 or avx512".
inline std::string names_of(unsigned sets) {
    std::string names;
    for (const Isa isa : all_isas)
        if (is_compiled(isa, sets)) names += (names.empty() ? "" : ", ") + std::string(name_of(isa));
    if (const auto comma = names.rfind(','); comma != std::string::npos) names.replace(comma, 1, " or");
    return names;
}

/// Parses "amx", "avx512", "avx2", "portable", or "auto" for the best one here. Throws Fault::usage for another word,
/// for a set that this program was not compiled for, and for one that this processor lacks.
inline Isa parse_isa(std::string_view name, DataTypes data_types = {}, unsigned sets = compiled_sets) {
    if (name == "auto" || name.empty()) return best_isa(data_types);
    for (const Isa isa : all_isas) {
        if (name_of(isa) != name) continue;
        const bool unsuited = isa == Isa::amx && !suits_amx(data_types);
        if (!unsuited && !is_compiled(isa, sets))
            throw Error(Fault::usage, {.place = "instruction set",
                                       .found = "'" + std::string(name) + "', which this program was compiled without",
                                       .wanted = names_of(sets),
                                       .remedy = "-DTAXON_INSTRUCTION_SETS in CMake adds it"});
        if (processor_has(isa, data_types)) return isa;
        throw Error(Fault::usage,
                    {.place = "instruction set",
                     .found = "'" + std::string(name) +
                              (unsuited             ? "', which is only for 8-bit integers and bfloat16"
                               : processor_has(isa) ? "', which this processor lacks for these types of numbers"
                                                    : "', which this processor lacks"),
                     .wanted = std::string(name_of(best_isa(data_types))) + " or less"});
    }
    throw Error(Fault::usage, {.place = "instruction set",
                               .found = "'" + std::string(name) + "'",
                               .wanted = "auto, amx, avx512, avx2 or portable"});
}

/// The set that the environment variable TAXON_ISA names, or else the best one.
inline Isa default_isa(DataTypes data_types = {}) {
    const char* forced = std::getenv("TAXON_ISA");
    return forced ? parse_isa(forced, data_types) : best_isa(data_types);
}

}  // namespace taxon::cpu
