#pragma once
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <taxon/backend/cpu/isa.hpp>

#include "peak.hpp"

namespace taxon::benchmarks {

/// A program's main: what `add` registers, for the instruction set that TAXON_ISA names or else the best one. The set
/// and its peak are printed with the results. Returns 2 for arguments, or a TAXON_ISA, that make no sense.
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
