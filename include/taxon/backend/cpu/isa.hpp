#pragma once
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <taxon/core/error.hpp>

namespace taxon::cpu {

/// The instruction sets that the kernels are compiled for, in one binary. Later ones are quicker.
enum class Isa : unsigned char { portable, avx2, avx512 };

inline constexpr std::array<std::string_view, 3> isa_names{"portable", "avx2", "avx512"};
constexpr std::string_view name_of(Isa isa) { return isa_names[static_cast<std::size_t>(isa)]; }

/// Whether this processor and operating system run it.
inline bool supported([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    if (isa == Isa::avx512)
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
    if (isa == Isa::avx2) return avx2;
#endif
    return isa == Isa::portable;
}

inline Isa best_isa() { return supported(Isa::avx512) ? Isa::avx512 : supported(Isa::avx2) ? Isa::avx2 : Isa::portable; }

/// "avx512", "avx2", "portable", or "auto" for the best one here. Throws Fault::usage for another word or an absent set.
inline Isa parse_isa(std::string_view name) {
    if (name == "auto" || name.empty()) return best_isa();
    for (const Isa isa : {Isa::portable, Isa::avx2, Isa::avx512}) {
        if (name_of(isa) != name) continue;
        if (supported(isa)) return isa;
        throw Error(Fault::usage, {.place = "instruction set", .found = "'" + std::string(name) + "', which this processor lacks", .wanted = std::string(name_of(best_isa())) + " or less"});
    }
    throw Error(Fault::usage, {.place = "instruction set", .found = "'" + std::string(name) + "'", .wanted = "auto, avx512, avx2 or portable"});
}

/// What the environment variable TAXON_ISA forces, or else the best one.
inline Isa default_isa() {
    const char* forced = std::getenv("TAXON_ISA");
    return forced ? parse_isa(forced) : best_isa();
}

}  // namespace taxon::cpu
