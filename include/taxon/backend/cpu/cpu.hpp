#pragma once
#include <cstdint>
#include <taxon/backend/cpu/executable.hpp>
#include <taxon/backend/cpu/pack.hpp>
#include <taxon/plan/planner.hpp>

namespace taxon::backend {

namespace detail {

/// Generates an instruction set's kernel table for a network.
template <class A, Shape Input, class Precision, bool Fuses>
struct Program {
    static_assert(taxon::detail::no_problem<taxon::detail::float_layers_problem<A, Input, Precision>>());
    static constexpr DataTypes data_types = Precision::data_types;
    static constexpr PlanView plan = plan_of<A, Input, Fuses, data_types>;
};

}  // namespace detail

/// Own SIMD kernels; the instruction set is chosen when the weights are bound.
struct Cpu {
    static constexpr std::string_view name = "cpu";
    using Options = cpu::Options;
    using Workspace = cpu::Workspace;

    /// A network bound to weights. Keyed by what affects code, not by the model: equal choices share their code.
    template <class A, Shape Input, class Precision, class Execution>
    class Engine : public cpu::Executable {
        using Program = detail::Program<A, Input, Precision, Execution::fuses>;

      public:
        static constexpr GraphView graph = graph_of<A, Input>;
        static constexpr PlanView plan = Program::plan;
        static constexpr std::int64_t arena_bytes(int batch, int threads) {
            return taxon::arena_bytes_of(plan, batch, threads);
        }
        static constexpr std::int64_t packed_bytes =
            plan.weight_bytes + static_cast<std::int64_t>(sizeof(float)) * plan.bias_count;

        Engine(const WeightSource& source, Options options) : Engine(source, {}, options) {}
        /// `ranges`: of the values stored as integers, by node.
        Engine(const WeightSource& source, const quantize::Ranges& ranges, Options options)
            : Engine(cpu::pack(graph, plan, Parameters(graph, source), ranges,
                               cpu::multiplies_strips(chosen_isa(options))),
                     options) {}
        Engine(cpu::Packed packed, Options options)
            : cpu::Executable(graph, plan, std::move(packed), kernel_table(chosen_isa(options)), options) {}

      private:
        static cpu::Isa chosen_isa(const Options& options) {
            return options.isa ? cpu::parse_isa(cpu::name_of(*options.isa), Precision::data_types)
                               : cpu::default_isa(Precision::data_types);
        }
        static cpu::KernelTable kernel_table(cpu::Isa isa);
    };
};

/// Outside the class, so that `extern template` keeps a second source file from compiling the kernels.
template <class A, Shape Input, class Precision, class Execution>
cpu::KernelTable Cpu::Engine<A, Input, Precision, Execution>::kernel_table(cpu::Isa isa) {
    return cpu::kernel_table_for<Program>(isa);
}

}  // namespace taxon::backend
