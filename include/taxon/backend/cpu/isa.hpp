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
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#if defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace taxon::cpu {

/// The instruction sets with kernels, in one binary. Of a processor family, later ones are faster.
enum class Isa : unsigned char { portable, avx2, avx_vnni, avx512, amx, neon, dotprod, i8mm };

inline constexpr std::array<std::string_view, 8> isa_names{"portable", "avx2", "avx_vnni", "avx512",
                                                           "amx",      "neon", "dotprod",  "i8mm"};
constexpr std::string_view name_of(Isa isa) { return isa_names[static_cast<std::size_t>(isa)]; }

/// Those of this processor family.
#if defined(__x86_64__)
inline constexpr std::array all_isas{Isa::portable, Isa::avx2, Isa::avx_vnni, Isa::avx512, Isa::amx};
#elif defined(__aarch64__)
inline constexpr std::array all_isas{Isa::portable, Isa::neon, Isa::dotprod, Isa::i8mm};
#else
inline constexpr std::array all_isas{Isa::portable};
#endif

/// The sets that this program has kernels for, a bit for each Isa: see TAXON_INSTRUCTION_SETS.
inline constexpr unsigned compiled_sets = TAXON_COMPILED_SETS;
constexpr bool is_compiled(Isa isa, unsigned sets = compiled_sets) { return (sets >> static_cast<int>(isa) & 1) != 0; }

/// The set whose kernels another one takes for all that it does not multiply otherwise; its own for others.
constexpr Isa based_on(Isa isa) {
    if (isa == Isa::dotprod || isa == Isa::i8mm) return Isa::neon;
    return isa == Isa::amx ? Isa::avx512 : isa == Isa::avx_vnni ? Isa::avx2 : isa;
}

/// True if a set multiplies these number types otherwise than the set that it is based on: matrix tiles (amx) and i8mm
/// multiply bytes and bfloat16, dotprod bytes, avx_vnni all integers.
constexpr bool suits(Isa isa, DataTypes data_types) {
    const bool bytes = data_types.values == Element::uint8, bfloats = data_types.values == Element::bfloat16;
    if (isa == Isa::amx || isa == Isa::i8mm) return bytes || bfloats;
    if (isa == Isa::avx_vnni) return data_types.quantized();
    return isa != Isa::dotprod || bytes;
}

/// What `suits` asks for, in words.
constexpr std::string_view suited_types(Isa isa) {
    return isa == Isa::avx_vnni ? "integers" : isa == Isa::dotprod ? "8-bit integers" : "8-bit integers and bfloat16";
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

/// True if this processor has AVX-VNNI, for which the compilers' builtins have no name yet.
inline bool has_avx_vnni() {
#if defined(__x86_64__)
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & 1u << 4);
#else
    return false;
#endif
}

#if defined(__aarch64__)
/// What Armv8.0 lacks. All of it is in Armv8.6.
enum class ArmExtension { dot_products, byte_matrices, bfloat16 };

/// Asks the system, because user programs may not read the processor's own registers everywhere.
inline bool has_arm_extension(ArmExtension extension) {
    [[maybe_unused]] const auto which = static_cast<std::size_t>(extension);
#if defined(__linux__)
    // HWCAP_ASIMDDP of the first word, HWCAP2_I8MM and HWCAP2_BF16 of the second; libc's headers may be older
    constexpr unsigned long bits[] = {1ul << 20, 1ul << 13, 1ul << 14};
    return (::getauxval(which == 0 ? AT_HWCAP : AT_HWCAP2) & bits[which]) != 0;
#elif defined(__APPLE__)
    constexpr const char* names[] = {"hw.optional.arm.FEAT_DotProd", "hw.optional.arm.FEAT_I8MM",
                                     "hw.optional.arm.FEAT_BF16"};
    int has = 0;
    std::size_t size = sizeof has;
    return ::sysctlbyname(names[which], &has, &size, nullptr, 0) == 0 && has != 0;
#else
    return false;
#endif
}
#endif

/// True if this processor and operating system run the set with these number types. AVX-512 needs instructions that
/// multiply pairs of bfloat16 (AVX512_BF16) or groups of integers (AVX512_VNNI) for these, which its first processors
/// lack; they use AVX2.
inline bool processor_has([[maybe_unused]] Isa isa, [[maybe_unused]] DataTypes data_types = {}) {
    if (!suits(isa, data_types)) return false;
#if defined(__x86_64__)
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                      __builtin_cpu_supports("bmi2") && converts_halves();
    if (isa == Isa::amx)
        return processor_has(Isa::avx512, data_types) && __builtin_cpu_supports("avx512bf16") &&
               __builtin_cpu_supports("avx512vnni") && may_use_amx();
    if (isa == Isa::avx512 && data_types.values == Element::bfloat16 && !__builtin_cpu_supports("avx512bf16"))
        return false;
    if (isa == Isa::avx512 && data_types.quantized() && !__builtin_cpu_supports("avx512vnni")) return false;
    if (isa == Isa::avx512)
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
    if (isa == Isa::avx_vnni) return avx2 && has_avx_vnni();
    if (isa == Isa::avx2) return avx2;
#elif defined(__aarch64__)
    if (isa == Isa::neon) return true;
    if (isa == Isa::dotprod) return has_arm_extension(ArmExtension::dot_products);
    if (isa == Isa::i8mm)
        return has_arm_extension(ArmExtension::byte_matrices) && has_arm_extension(ArmExtension::bfloat16);
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

/// "auto, amx, avx512, avx2 or portable": every word that names a set of this processor family.
inline std::string isa_choices() {
    std::string words = "auto";
    for (std::size_t i = all_isas.size(); i-- > 0;)
        words += (i == 0 ? " or " : ", ") + std::string(name_of(all_isas[i]));
    return words;
}

/// Parses the name of a set of this processor family, or "auto" for the best one here. Throws Fault::usage for another
/// word, for a set that this program was not compiled for, and for one that this processor lacks.
inline Isa parse_isa(std::string_view name, DataTypes data_types = {}, unsigned sets = compiled_sets) {
    if (name == "auto" || name.empty()) return best_isa(data_types);
    for (const Isa isa : all_isas) {
        if (name_of(isa) != name) continue;
        const bool unsuited = !suits(isa, data_types);
        if (!unsuited && !is_compiled(isa, sets))
            throw Error(Fault::usage, {.place = "instruction set",
                                       .found = "'" + std::string(name) + "', which this program was compiled without",
                                       .wanted = names_of(sets),
                                       .remedy = "-DTAXON_INSTRUCTION_SETS in CMake adds it"});
        if (processor_has(isa, data_types)) return isa;
        throw Error(Fault::usage,
                    {.place = "instruction set",
                     .found = "'" + std::string(name) +
                              (unsuited             ? "', which is only for " + std::string(suited_types(isa))
                               : processor_has(isa) ? "', which this processor lacks for these types of numbers"
                                                    : "', which this processor lacks"),
                     .wanted = std::string(name_of(best_isa(data_types))) + " or less"});
    }
    throw Error(Fault::usage,
                {.place = "instruction set", .found = "'" + std::string(name) + "'", .wanted = isa_choices()});
}

/// The set that the environment variable TAXON_ISA names, or else the best one.
inline Isa default_isa(DataTypes data_types = {}) {
    const char* forced = std::getenv("TAXON_ISA");
    return forced ? parse_isa(forced, data_types) : best_isa(data_types);
}

}  // namespace taxon::cpu
