#include <taxon/backend/cpu/cpu.hpp>

#include <taxon/backend/reference/reference.hpp>
#include <taxon/graph/names.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>

#include "backend/against_reference.hpp"

using namespace taxon;

namespace {

/// A function after every kernel that can take one up, and on its own.
template <Activation F>
struct Everywhere {
    static constexpr int wide = 19;
    static constexpr Shape input{5, 3, 7};
    using Function = Activate<F>;
    // convolution
    using Layers = Sequential<Conv2d<5, wide, 3>, Function,
                              // before the sum
                              Residual<Sequential<Conv2d<wide, wide, 1>, BatchNorm2d<wide>, Function>>,
                              Residual<Conv2d<wide, wide, 1>>, Function,  // after it
                              Conv2d<wide, wide, 3, 1, wide>, Function,   // depthwise
                              // alone, then after add
                              Residual<Function>, Function, BatchNorm2d<wide>, Function,  // affine
                              GlobalAveragePool, Linear<wide, 37>, Function>;             // product
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <Activation F>
struct Alone {
    static constexpr Shape input{1, 1, 1201};
    static constexpr void trace(Tracer& tracer) { Sequential<Activate<F>>::trace(tracer); }
};

template <Activation F>
void check_everywhere() {
    INFO("function " << name_of(F));
    check_against_reference(Candidate::of<Everywhere<F>>(), "activations");
    check_against_reference(Candidate::of<Everywhere<F>, execution::LayerByLayer>(), "activations");
}

/// Numbers from −12 to 12 and the ends of what a float can hold, each against the formula in double.
template <Activation F>
void check_alone() {
    const Candidate c = Candidate::of<Alone<F>>();
    std::vector<float> sample(1201), expected(1201);
    for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = static_cast<float>(static_cast<int>(i) - 600) / 50.f;
    sample[0] = -1e30f, sample[1] = 1e30f, sample[2] = -100, sample[3] = 100, sample[4] = 1e-30f;
    const io::SyntheticWeights weights;
    reference::Interpreter(c.graph, weights).run(sample, expected, 1201);
    const auto packed = cpu::pack(c.graph, c.plan, Parameters(c.graph, weights));
    for (const auto isa : instruction_sets()) {
        const auto found = run_in_parts(c, packed, c.kernel_table(isa), sample, 1201, 1);
        for (std::size_t i = 0; i < sample.size(); ++i) {
            INFO("function " << name_of(F) << " of " << sample[i] << " with " << cpu::name_of(isa));
            const double allowed =
                1.2e-6 + 1e-6 * std::abs(expected[i]) + (F == Activation::gelu ? 1.2e-7 * std::abs(sample[i]) : 0);
            // as kernel/activation.inl states, and a rounding
            CHECK(std::abs(static_cast<double>(found[i]) - expected[i]) <= allowed);
        }
    }
}

}  // namespace

TEST_CASE("every activation agrees with Reference wherever a kernel takes it up") {
    check_everywhere<Activation::relu>();
    check_everywhere<Activation::relu6>();
    check_everywhere<Activation::tanh>();
    check_everywhere<Activation(Activation::leaky_relu, 0.01)>();
    check_everywhere<Activation(Activation::leaky_relu, 1.5)>();
    check_everywhere<Activation(Activation::elu, 1)>();
    check_everywhere<Activation(Activation::elu, 0.3)>();
    check_everywhere<Activation(Activation::softplus, 1, 20)>();
    check_everywhere<Activation(Activation::softplus, 3, 20)>();
    check_everywhere<Activation::mish>();
    check_everywhere<Activation(Activation::hard_tanh, -1, 1)>();
    check_everywhere<Activation(Activation::hard_tanh, 0.5, 7)>();
    check_everywhere<Activation(Activation::times, -0.5)>();
    check_everywhere<Activation::hard_sigmoid>();
    check_everywhere<Activation::hard_swish>();
    check_everywhere<Activation::sigmoid>();
    check_everywhere<Activation::silu>();
    check_everywhere<Activation::gelu>();
}

TEST_CASE("activations keep their digits from one end of the floats to the other") {
    check_alone<Activation::relu>();
    check_alone<Activation::relu6>();
    check_alone<Activation::tanh>();
    check_alone<Activation(Activation::leaky_relu, 0.01)>();
    check_alone<Activation(Activation::leaky_relu, 1.5)>();
    check_alone<Activation(Activation::elu, 1)>();
    check_alone<Activation(Activation::elu, 0.3)>();
    check_alone<Activation(Activation::softplus, 1, 20)>();
    check_alone<Activation(Activation::softplus, 3, 1)>();
    check_alone<Activation::mish>();
    check_alone<Activation(Activation::hard_tanh, -1, 1)>();
    check_alone<Activation(Activation::hard_tanh, 0.5, 7)>();
    check_alone<Activation(Activation::times, -0.5)>();
    check_alone<Activation::hard_sigmoid>();
    check_alone<Activation::hard_swish>();
    check_alone<Activation::sigmoid>();
    check_alone<Activation::silu>();
    check_alone<Activation::gelu>();
}
