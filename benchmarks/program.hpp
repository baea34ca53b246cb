#pragma once
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <taxon/backend/cpu/isa.hpp>

#include "peak.hpp"

namespace taxon::benchmarks {

/// A benchmark program's main: runs what `add` registers on the instruction set of TAXON_ISA or else the best one, and
/// prints the set and its peak with the results. Returns 2 for invalid arguments or an invalid TAXON_ISA.
inline int run_program(int argc, char** argv, void (*add)(cpu::Isa)) {
    try {
        const cpu::Isa isa = cpu::default_isa();
        benchmark::Initialize(&argc, argv);
        if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
        benchmark::AddCustomContext("instruction_set", std::string(cpu::name_of(isa)));
        benchmark::AddCustomContext("peak_of_one_core_GFLOP/s", std::to_string(peak(isa) / 1e9));
        add(isa);
        benchmark::RunSpecifiedBenchmarks();
        benchmark::Shutdown();
        return 0;
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}

}  // namespace taxon::benchmarks
