#pragma once
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <taxon/backend/cpu/cpu.hpp>
#include <taxon/backend/cpu/run_time_kernels.hpp>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/policy/execution.hpp>
#include <taxon/policy/precision.hpp>

#include "backend/error_bound.hpp"
#include "catch.hpp"

/// True if two runs gave the same bytes.
inline bool same_bytes(std::span<const float> a, std::span<const float> b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

/// The instruction sets of this processor for numbers stored so; says which ones go untested.
std::vector<taxon::cpu::Isa> instruction_sets(taxon::DataTypes data_types = {});

/// A network as data, so that one function tests all: only its graph, its plan and its kernels are generated for each.
struct Candidate {
    std::string what;
    taxon::GraphView graph;
    taxon::PlanView plan;
    std::function<taxon::cpu::KernelTable(taxon::cpu::Isa)> kernel_table;
    taxon::DataTypes data_types;

    /// A network that is no type, by kernels that take all sizes at run time. The plan must outlive it.
    static Candidate at_run_time(const std::string& what, taxon::GraphView graph, taxon::PlanView plan) {
        return {
            what,
            graph,
            plan,
            [plan, kernels = std::make_shared<std::map<taxon::cpu::Isa, taxon::cpu::OwnedKernelTable>>()](
                taxon::cpu::Isa isa) {
                return kernels->try_emplace(isa, taxon::cpu::kernel_table_at_run_time(plan, isa)).first->second.view();
            },
            {}};
    }

    template <taxon::Architecture A, class Execution = taxon::execution::Fused,
              class Precision = taxon::precision::Float32>
    static Candidate of() {
        using Program = taxon::backend::detail::Program<A, taxon::first_input<A>, Precision, Execution::fuses>;
        const std::string what = std::string(Execution::name) + ", " + std::string(Precision::name);
        return {what, taxon::graph_of<A>, Program::plan, &taxon::cpu::kernel_table_for<Program>, Precision::data_types};
    }
};

/// Looks at the arena before step `number` or, if `done`, after it.
using ArenaVisitor = std::function<void(std::size_t number, bool done, const std::byte* arena)>;

/// One sample through the steps of a plan, each cut into `parts`, which run in turn from the last to the first, in an
/// arena that holds only `poison`: a number that no step of this run has written spoils the output. 0xFF is NaN in all
/// types of floats, and 255.
std::vector<float> run_in_parts(const Candidate& c, const taxon::cpu::Packed& packed,
                                const taxon::cpu::KernelTable& kernels, std::span<const float> sample, int length,
                                int parts, const ArenaVisitor& see = {}, unsigned char poison = 0xFF);

/// Numbers in [-1, 1), or what a network of tokens reads: an id and a type in turn.
std::vector<float> input_of(taxon::GraphView graph, const std::string& seed, std::size_t count);

/// A network with weights and an input that depend on `seed` alone, on every instruction set, against Reference; and
/// cut into parts, which must not change a bit.
void check_against_reference(const Candidate& c, const std::string& seed, int length = 0);
