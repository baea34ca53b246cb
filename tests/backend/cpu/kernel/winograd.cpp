#include <taxon/backend/cpu/cpu.hpp>

#include "backend/against_reference.hpp"
#include "catch.hpp"

#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>

using namespace taxon;

template <int In, int Out, int Height, int Width, class... Layers>
struct Window : Sequential<Conv2d<In, Out, 3, 1, 1, true>, Layers...> {
    static constexpr Shape input{In, Height, Width};
};
template <class A, class E = execution::Fused>
constexpr bool uses_winograd = backend::detail::Program<A, A::input, precision::Float32, E::fuses>::plan.steps[0].geometry.kernel == Kernel::winograd;

template <class A>
void check(const std::string& seed) {
    static_assert(uses_winograd<A>);
    check_against_reference(Candidate::of<A>(), seed);
}

TEST_CASE("Winograd's convolution is that of its definition", "[winograd]") {
    check<Window<16, 16, 7, 7>>("a");
    check<Window<64, 64, 14, 14>>("b");
    check<Window<20, 40, 13, 27>>("c");
}
