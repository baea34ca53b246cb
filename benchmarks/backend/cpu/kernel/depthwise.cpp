// Depthwise convolutions of the largest pictures of MobileNetV2, which exceed the second cache, and of a small one, on
// each instruction set.
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>

#include "../../../steps.hpp"

namespace {

using namespace taxon;

template <int Channels, int Side, int Size, int Stride>
struct Single {
    static constexpr Shape input{Channels, Side, Side};
    static constexpr void trace(Tracer& tracer) {
        Sequential<Conv2d<Channels, Channels, Size, Stride, Channels>>::trace(tracer);
    }
};

template <int Channels, int Side, int Size = 3, int Stride = 1>
void add(const char* name) {
    for (const auto isa : {cpu::Isa::avx2, cpu::Isa::avx512})
        if (cpu::supported(isa))
            benchmarks::add_steps(benchmarks::Network::of<Single<Channels, Side, Size, Stride>>(
                                      std::string(name) + "/" + std::string(cpu::name_of(isa))),
                                  isa);
}

const bool added = [] {
    add<32, 112>("32 of 112x112");
    add<96, 112, 3, 2>("96 of 112x112, stride 2");
    add<144, 56>("144 of 56x56");
    add<240, 28, 5>("240 of 28x28, 5x5");
    add<576, 14>("576 of 14x14");
    return true;
}();

}  // namespace
