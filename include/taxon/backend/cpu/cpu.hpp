#pragma once
#include <taxon/backend/cpu/network.hpp>
#include <taxon/graph/planner.hpp>

namespace taxon::backend {

/// Own SIMD kernels, instantiated for the network's constant shapes; the instruction set is chosen when the weights are bound.
struct Cpu {
    static constexpr std::string_view name = "cpu";
    using Options = cpu::Options;
    using Workspace = cpu::Workspace;

    /// A network bound to weights. Keyed by what makes code differ, not by the model: equal choices share their code.
    template <class A, Shape Input, class Precision, class Execution>
    class Engine : public cpu::Network<typename Precision::Weight> {
      public:
        using Weight = typename Precision::Weight;
        static constexpr GraphView graph = graph_of<A, Input>;
        static constexpr PlanView plan = plan_of<A, Input, Execution::fuses>;
        static constexpr long arena_bytes = plan.arena_bytes;
        static constexpr long packed_bytes = static_cast<long>(sizeof(Weight)) * plan.weight_count + static_cast<long>(sizeof(float)) * plan.bias_count;

        Engine(const WeightSource& source, Options options) : cpu::Network<Weight>(graph, plan, source, instance(options.isa), options) {}

      private:
        static cpu::Instance<Weight> instance(cpu::Isa isa);
    };
};

namespace detail {

/// What an instruction set's instance of a network is generated from.
template <class A, Shape Input, class Precision, bool Fuses>
struct Program {
    using Weight = typename Precision::Weight;
    static constexpr PlanView plan = plan_of<A, Input, Fuses>;
};

}  // namespace detail

/// Out of the class, so that `extern template` keeps a second source file from compiling the kernels.
template <class A, Shape Input, class Precision, class Execution>
auto Cpu::Engine<A, Input, Precision, Execution>::instance(cpu::Isa isa) -> cpu::Instance<Weight> {
    if (!cpu::supported(isa))
        throw Error(Fault::usage, {.place = "instruction set", .found = std::string(cpu::name_of(isa)), .wanted = std::string(cpu::name_of(cpu::best_isa())) + " or less"});
    return cpu::instance_for<detail::Program<A, Input, Precision, Execution::fuses>>(isa);
}

}  // namespace taxon::backend
