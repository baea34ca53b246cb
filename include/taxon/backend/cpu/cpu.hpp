#pragma once
#include <taxon/backend/cpu/arena.hpp>
#include <taxon/backend/cpu/instances.hpp>
#include <taxon/backend/cpu/pack.hpp>
#include <taxon/backend/cpu/workspace.hpp>
#include <taxon/graph/layer_visitor.hpp>
#include <taxon/graph/planner.hpp>
#include <vector>

namespace taxon::backend {

/// Own SIMD kernels, instantiated for the network's constant shapes; the instruction set is chosen when the weights are bound.
struct Cpu {
    static constexpr std::string_view name = "cpu";
    struct Options { cpu::Isa isa = cpu::default_isa(); };
    using Workspace = cpu::Workspace;

    /// A network bound to weights. Keyed by what makes code differ, not by the model: equal choices share their code.
    template <class A, Shape Input, class Precision, class Execution>
    class Engine {
      public:
        using Weight = typename Precision::Weight;
        static constexpr GraphView graph = graph_of<A, Input>;
        static constexpr PlanView plan = plan_of<A, Input, Execution::fuses>;
        static constexpr long arena_bytes = plan.arena_bytes;
        static constexpr long packed_bytes = static_cast<long>(sizeof(Weight)) * plan.weight_count + static_cast<long>(sizeof(float)) * plan.bias_count;

        Engine(const WeightSource& source, Options options) : packed_(cpu::pack<Weight>(graph, plan, Parameters(graph, source))), isa_(options.isa), instance_(instance(options.isa)) {}

        std::string_view isa() const { return cpu::name_of(isa_); }

        /// Where a picture's normalised floats go; its halo is zeroed.
        PixelTarget input(Workspace& workspace) const {
            constexpr View view = plan.view(plan.input);
            float* origin = cpu::at(arena(workspace), plan.offset(plan.input));
            cpu::clear_halo(origin, view);
            return {origin, view.row(), view.pitch, 1};
        }

        /// Copies a sample there: (C, H, W), or `length` tokens of features.
        void load_input(std::span<const float> sample, int length, Workspace& workspace) const {
            instance_.load_input(sample.data(), input(workspace).at, plan.view(plan.input), length);
        }

        /// Runs what lies in the input; the output dense, (C, H, W), or `length` tokens of features.
        void run(std::span<float> output, int length, Workspace& workspace) const {
            std::byte* arena = this->arena(workspace);
            for (std::size_t i = 0; i < plan.steps.size(); ++i) step(i, arena, length);
            read(plan.output, arena, length, output);
        }

        /// The same without an output, but with every step's shown under the name of the last layer that it computes.
        void walk(int length, Workspace& workspace, const LayerVisitor& see) const {
            std::byte* arena = this->arena(workspace);
            std::vector<float> planes;
            for (std::size_t i = 0; i < plan.steps.size(); ++i) {
                step(i, arena, length);
                Shape shape = plan.place(plan.steps[i].target).shape;
                if (shape.sequence) shape.width = length;
                planes.resize(detail::size(shape.size()));
                read(plan.steps[i].target, arena, length, planes);
                see(graph.name(graph.node(plan.steps[i].last)), shape, planes);
            }
        }

      private:
        static cpu::Instance<Weight> instance(cpu::Isa isa);
        static std::byte* arena(Workspace& workspace) { return workspace.bytes(static_cast<std::size_t>(arena_bytes)); }

        void step(std::size_t i, std::byte* arena, int length) const {
            const Step& s = plan.steps[i];
            const auto place = [&](int index) { return cpu::at(arena, index == none ? 0 : plan.offset(index)); };
            if (s.clears) {
                const Buffer& buffer = plan.buffer(plan.place(s.target));
                cpu::clear_halo(cpu::at(arena, buffer.at) + buffer.origin(), buffer.view);
            }
            instance_.calls[i]({place(s.source), packed_.weights.data() + s.weights_at, packed_.biases.data() + s.bias_at, place(s.operand), place(s.target), place(s.sums),
                                place(s.scratch), length});
        }

        static void read(int index, std::byte* arena, int length, std::span<float> to) {
            View view = plan.view(index);
            const float* origin = cpu::at(arena, plan.offset(index));
            if (view.shape.sequence)
                for (int t = 0; t < length; ++t) std::copy_n(origin + t * view.pitch, view.shape.channels, to.data() + t * view.shape.channels);
            else if (view.shape.pixels() == 1) std::copy_n(origin, view.shape.channels, to.data());
            else cpu::copy_planes(origin, view, to.data());
        }

        cpu::Packed<Weight> packed_;
        cpu::Isa isa_;
        cpu::Instance<Weight> instance_;
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
    if (!cpu::supported(isa)) throw Error(Fault::usage, {.place = "instruction set", .found = std::string(cpu::name_of(isa)), .wanted = std::string(cpu::name_of(cpu::best_isa())) + " or less"});
    return cpu::instance_for<detail::Program<A, Input, Precision, Execution::fuses>>(isa);
}

}  // namespace taxon::backend
